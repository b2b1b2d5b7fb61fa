#include "models/collectives/collectives.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/collectives/fitted_costs.h"
#include "models/collectives/line_builder.h"

namespace spotmix::models {

double bus_factor(Collective collective, int ranks) {
  const double n = ranks;
  switch (collective) {
    case Collective::all_reduce:
      return 2.0 * (n - 1.0) / n;
    case Collective::reduce_scatter:
    case Collective::all_gather:
    case Collective::all_to_all:
      return (n - 1.0) / n;
    default:
      return 1.0;
  }
}

double CollectiveLine::cost_s(double bytes) const {
  const double smooth = latency_s + bytes * s_per_byte;
  return loop_s > 0 ? smooth + std::ceil(bytes / loop_bytes) * loop_s : smooth;
}

Communicator::Communicator(const ClusterTopology& cluster, const GroupShape& group, Library library)
    : Communicator(cluster, group, library, shipped_costs(cluster.node, library)) {}

Communicator::Communicator(const ClusterTopology& cluster, const GroupShape& group, Library library,
                           const CollectiveCosts& costs)
    : ranks_(group.ranks()) {
  if (ranks_ < 2) return;
  for (const Collective collective : values_of<Collective>()) {
    LineSet& set = sets_[static_cast<std::size_t>(collective)];
    set.bus_factor = bus_factor(collective, ranks_);
    std::vector<CollectiveLine> lines;
    if (group.nodes == 1 && library == Library::custom_kernels && collective == Collective::all_reduce) {
      lines = custom_lines(cluster.node, ranks_, costs.custom);
      set.custom = lines.size();
      set.custom_limit_bytes = costs.custom.limit_bytes;
    }
    const std::vector<CollectiveLine> more =
        group.nodes == 1 ? node_lines(cluster.node, ranks_, collective, library, costs.node)
                         : network_lines(cluster, group, collective, library, costs);
    lines.insert(lines.end(), more.begin(), more.end());
    set.count = std::min(lines.size(), kMaxLines);
    std::copy_n(lines.begin(), set.count, set.lines.begin());
  }
}

void Communicator::use_measured(Collective collective, std::function<double(double bytes)> time_s) {
  sets_[static_cast<std::size_t>(collective)].measured_s = std::move(time_s);
}

void Communicator::never_below(const Communicator& inner) {
  inner_ = std::make_shared<const Communicator>(inner);
}

CollectiveTime Communicator::time(Collective collective, double bytes) const {
  if (ranks_ < 2 || bytes <= 0) return {};
  const LineSet& set = sets_[static_cast<std::size_t>(collective)];
  const bool custom = set.custom > 0 && bytes <= set.custom_limit_bytes;
  const std::size_t first = custom ? 0 : set.custom;
  const std::size_t end = custom ? set.custom : set.count;
  std::size_t best = first;
  for (std::size_t i = first + 1; i < end; ++i)
    if (set.lines[i].believed_s(bytes) < set.lines[best].believed_s(bytes)) best = i;
  const CollectiveLine& line = set.lines[best];
  double time_s = set.measured_s ? set.measured_s(bytes) : line.cost_s(bytes);
  const bool rings = collective == Collective::all_reduce || collective == Collective::reduce_scatter ||
                     collective == Collective::all_gather;
  if (inner_ && rings && !set.measured_s) time_s = std::max(time_s, inner_->time_s(collective, bytes));
  return {time_s, line.algorithm, line.protocol, bytes * set.bus_factor / time_s};
}

std::span<const CollectiveLine> Communicator::lines(Collective collective) const {
  const LineSet& set = sets_[static_cast<std::size_t>(collective)];
  return {set.lines.data(), set.count};
}

}  // namespace spotmix::models
