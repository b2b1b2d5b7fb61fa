#include "bench/accuracy/collectives_fit.h"

#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "bench/accuracy/linear_fit.h"
#include "bench/accuracy/pattern_search.h"
#include "models/collectives/line_builder.h"
#include "models/collectives/nccl_belief.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

/// Fewer rows cannot tell latency from bandwidth.
constexpr std::size_t kFewestRows = 12;

/// Of a ring's costs (models/collectives/ring_costs.h).
constexpr std::size_t kRingTerms = 5;

std::size_t ring_index(Protocol protocol) {
  return static_cast<std::size_t>(protocol) - 1;
}

/// The line that the library's belief picks for a sample.
struct Choice {
  Algorithm algorithm;
  Protocol protocol;
};

class Chooser {
 public:
  Chooser(const NodeTopology& node, Library library)
      : cluster_{node, 1, std::nullopt, 0}, library_(library) {}
  Choice operator()(const CollectiveSample& sample) {
    const auto known = groups_.find(sample.ranks);
    const Communicator& group =
        known != groups_.end()
            ? known->second
            : groups_.emplace(sample.ranks, Communicator(cluster_, {sample.ranks, 1, 1, false}, library_))
                  .first->second;
    const CollectiveTime time = group.time(sample.collective, sample.bytes);
    return {time.algorithm, time.protocol};
  }

 private:
  ClusterTopology cluster_;
  Library library_;
  std::map<int, Communicator> groups_;
};

RingCosts fit_ring(const std::vector<FitRow>& rows, const RingCosts& start) {
  if (rows.size() < kFewestRows) return start;
  const std::vector<double> fitted = fit_non_negative(rows, kRingTerms);
  return {fitted[0], fitted[1], fitted[2], fitted[3], fitted[4], start.pass_bytes_per_rank};
}

}  // namespace

namespace {

/// Multipliers of base_s, hop_s, wire, copy_s_per_byte and pass_hop_s (models/collectives/ring_costs.h).
std::vector<double> ring_terms(Collective collective, int ranks, double bytes, double bandwidth_bytes_per_s,
                               double pass_bytes_per_rank) {
  const double hops = ring_hops(collective, ranks);
  const double passes = pass_bytes_per_rank > 0 ? std::ceil(bytes / (pass_bytes_per_rank * ranks)) : 0.0;
  return {1.0, hops, bus_factor(collective, ranks) * bytes / bandwidth_bytes_per_s, bytes / ranks,
          hops * passes};
}

/// The rows of each protocol's fit.
struct FitRows {
  std::array<std::vector<FitRow>, 3> ring;
  std::vector<FitRow> in_network;
  std::array<std::vector<FitRow>, 2> pairs;
};

void add_rows(const NodeTopology& node, Library library, std::span<const CollectiveSample> samples,
              const NodeCosts& start, Sizes spacing, FitRows& rows) {
  Chooser choose(node, library);
  for (const CollectiveSample& sample : samples) {
    const Choice choice = choose(sample);
    const double weight = spacing == Sizes::evenly_spaced ? 1.0 / std::sqrt(sample.bytes) : 1.0;
    if (choice.algorithm == Algorithm::in_network) {
      rows.in_network.push_back({{1.0, sample.bytes}, sample.time_s, weight});
    } else if (choice.algorithm == Algorithm::direct) {
      const double wire = bus_factor(sample.collective, sample.ranks) * sample.bytes /
                          pair_bytes_per_s(node, sample.ranks, sample.collective);
      const double peers = sample.collective == Collective::all_to_all ? sample.ranks - 2.0 : 0.0;
      rows.pairs[choice.protocol == Protocol::low_latency ? 0 : 1].push_back(
          {{1.0, peers, wire}, sample.time_s, weight});
    } else {
      const std::size_t index = ring_index(choice.protocol);
      const double hops = ring_hops(sample.collective, sample.ranks);
      const Belief belief =
          believed_ring(node.device->architecture, choice.protocol,
                        believed_ring_bytes_per_s(node, sample.ranks), hops, over_pcie(node, sample.ranks));
      rows.ring[index].push_back({ring_terms(sample.collective, sample.ranks, sample.bytes,
                                             belief.bus_bytes_per_s, start.ring[index].pass_bytes_per_rank),
                                  sample.time_s, weight});
    }
  }
}

}  // namespace

NodeCosts fit_nodes(const std::vector<TopologySamples>& topologies, Library library, const NodeCosts& start,
                    Sizes spacing) {
  FitRows rows;
  for (const TopologySamples& topology : topologies)
    add_rows(topology.node, library, topology.samples, start, spacing, rows);
  NodeCosts costs = start;
  for (std::size_t i = 0; i < rows.ring.size(); ++i) costs.ring[i] = fit_ring(rows.ring[i], start.ring[i]);
  if (rows.in_network.size() >= 3) {
    const std::vector<double> fitted = fit_non_negative(rows.in_network, 2);
    costs.in_network_base_s = fitted[0];
    costs.in_network_s_per_byte = fitted[1];
  }
  for (std::size_t i = 0; i < rows.pairs.size(); ++i) {
    if (rows.pairs[i].size() < kFewestRows) continue;
    const std::vector<double> fitted = fit_non_negative(rows.pairs[i], 3);
    costs.pair[i] = {fitted[0], fitted[1], fitted[2]};
  }
  return costs;
}

NodeCosts fit_node(const NodeTopology& node, Library library, std::span<const CollectiveSample> samples,
                   const NodeCosts& start, Sizes spacing) {
  return fit_nodes({{node, {samples.begin(), samples.end()}}}, library, start, spacing);
}

std::string describe(const std::string& title, const NodeCosts& costs) {
  std::string text = title + "\n";
  for (std::size_t i = 0; i < costs.ring.size(); ++i) {
    const RingCosts& ring = costs.ring[i];
    text += fmt::format(
        "  {:<6} base {:.2f} us, hop {:.3f} us, wire {:.4f}, copy {:.5f} ns/B, pass hop {:.3f} us, pass {} "
        "B\n",
        name_of(static_cast<Protocol>(i + 1)), ring.base_s * 1e6, ring.hop_s * 1e6, ring.wire,
        ring.copy_s_per_byte * 1e9, ring.pass_hop_s * 1e6, ring.pass_bytes_per_rank);
  }
  text += fmt::format("  in-network base {:.2f} us, {:.6f} ns/B\n", costs.in_network_base_s * 1e6,
                      costs.in_network_s_per_byte * 1e9);
  for (const PairCosts& pair : costs.pair)
    text += fmt::format("  pair   base {:.2f} us, peer {:.3f} us, wire {:.4f}\n", pair.base_s * 1e6,
                        pair.peer_s * 1e6, pair.wire);
  return text;
}

CustomCosts fit_custom(const NodeTopology& node, std::span<const CollectiveSample> samples,
                       const CustomCosts& start) {
  const auto costs_of = [&](const std::array<double, 4>& c) {
    return CustomCosts{c[0], c[1], c[2], c[3], start.limit_bytes};
  };
  const auto error_of = [&](const std::array<double, 4>& constants) {
    double sum = 0;
    for (const CollectiveSample& sample : samples) {
      if (sample.bytes > start.limit_bytes) continue;
      double best = std::numeric_limits<double>::infinity();
      for (const CollectiveLine& line : custom_lines(node, sample.ranks, costs_of(constants)))
        best = std::min(best, line.cost_s(sample.bytes));
      sum += std::abs(best / sample.time_s - 1.0);
    }
    return sum;
  };
  return costs_of(pattern_search<4>(
      {start.one_shot_base_s, start.one_shot_wire, start.two_shot_base_s, start.two_shot_wire}, error_of));
}

std::string describe(const std::string& title, const CustomCosts& costs) {
  return fmt::format(
      "{}\n  one-shot base {:.2f} us, wire {:.3f}; two-shot base {:.2f} us, wire {:.3f}; up to {} B\n", title,
      costs.one_shot_base_s * 1e6, costs.one_shot_wire, costs.two_shot_base_s * 1e6, costs.two_shot_wire,
      costs.limit_bytes);
}

}  // namespace spotmix::accuracy
