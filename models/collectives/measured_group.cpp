#include "models/collectives/measured_group.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text/nearest.h"
#include "models/collectives/measured.h"
#include "models/collectives/measured_topology.h"

namespace spotmix::models {
namespace {

/// Fewer cannot tell latency from bandwidth.
constexpr std::size_t kFewestSizes = 4;

constexpr std::array kStepCollectives{Collective::all_reduce, Collective::reduce_scatter,
                                      Collective::all_gather, Collective::all_to_all};

bool is_of_steps(const std::string& operation) {
  return std::ranges::any_of(kStepCollectives,
                             [&](Collective collective) { return name_of(collective) == operation; });
}

bool is_measured(const CollectiveSamples& samples) {
  return samples.provenance.kind == SourceKind::measured;
}

/// Whether a published table is of NCCL's own choice of algorithm between devices that are connected like
/// those of the node.
bool is_published_like(const CollectiveSamples& samples, const NodeTopology& node) {
  if (samples.algorithm != "auto" || samples.nodes != 1) return false;
  if (!samples.provenance.library.starts_with("nccl-tests")) return false;
  const std::string& topology = samples.topology;
  const bool pairs = topology.find("pair") != std::string::npos;
  switch (node.interconnect) {
    case Interconnect::nvswitch:
      return topology.starts_with("NVLink") && !pairs;
    case Interconnect::nvlink_pairs:
      return pairs;
    case Interconnect::pcie:
      return topology.starts_with("PCIe");
    case Interconnect::nvlink_mesh:
    case Interconnect::none:
      break;
  }
  return false;
}

std::vector<TimeSample> times_of(const CollectiveSamples& samples, int ranks) {
  std::vector<TimeSample> times;
  for (std::size_t i = 0; i < samples.ranks.size(); ++i)
    if (samples.ranks[i] == ranks) times.push_back({samples.bytes[i], samples.median_s[i]});
  return times;
}

GroupShape shape_of(const MeasuredSamples& measured) {
  const auto nodes = static_cast<int>(measured.samples->nodes);
  return {.ranks_per_node = measured.ranks / nodes, .nodes = nodes};
}

std::vector<TimeSample> times_of(const MeasuredSamples& measured) {
  return times_of(*measured.samples, measured.ranks);
}

Communicator model_of(const ClusterTopology& cluster, const GroupShape& shape, Library library) {
  Communicator group(cluster, shape, library);
  if (shape.nodes > 1 && shape.ranks_per_node > 1)
    group.never_below(Communicator(cluster, {.ranks_per_node = shape.ranks_per_node}, library));
  return group;
}

bool at_full_rate(const NodeTopology& node) {
  return node.link_bytes_per_s == node.believed_link_bytes_per_s &&
         node.pcie_bytes_per_s == node.believed_pcie_bytes_per_s;
}

ClusterTopology full_rate(ClusterTopology cluster) {
  cluster.node.link_bytes_per_s = cluster.node.believed_link_bytes_per_s;
  cluster.node.pcie_bytes_per_s = cluster.node.believed_pcie_bytes_per_s;
  return cluster;
}

/// The newer library.
bool precedes(const CollectiveSamples& a, const CollectiveSamples& b) {
  return b.provenance.library < a.provenance.library;
}

/// Why a series cannot serve the cluster; empty if it can.
std::string unfit_because(const MeasuredSamples& measured, const ClusterTopology& cluster) {
  const NodeTopology& node = cluster.node;
  const CollectiveSamples& samples = *measured.samples;
  const int ranks = measured.ranks;
  if (node.device->name != measured.profile->device)
    return "the devices of " + node.name + " are " + std::string(node.device->name);
  if (!is_of_steps(samples.operation)) return "no step exchanges by " + samples.operation;
  if (samples.algorithm != "auto") return "its algorithm is " + samples.algorithm + ", expected auto";
  if (const std::string word = unknown_topology_word(samples.topology); !word.empty()) {
    return "found \"" + word + "\" in its topology, expected " + one_of(topology_words()) +
           did_you_mean(word, topology_words());
  }
  const std::size_t sizes = times_of(measured).size();
  if (sizes < kFewestSizes) {
    return "found " + std::to_string(sizes) + " sizes, expected at least " + std::to_string(kFewestSizes) +
           " to tell latency from bandwidth";
  }
  if (ranks % samples.nodes != 0) {
    return "found " + std::to_string(ranks) + " ranks on " + std::to_string(samples.nodes) +
           " nodes, expected equally many on each";
  }
  const GroupShape shape = shape_of(measured);
  if (shape.ranks_per_node > node.devices) {
    return node.name + " has " +
           (node.devices == 1 ? "one device" : std::to_string(node.devices) + " devices") +
           ", fewer than its ranks on a node";
  }
  if (shape.ranks() < 2) return "one rank exchanges nothing";
  if (shape.nodes > 1 && cluster.nodes < 2) return "the cluster is one node";
  const std::string mismatch =
      topology_mismatch(samples.topology, node, shape.nodes > 1, shape.ranks_per_node > 1);
  return mismatch.empty() ? mismatch : "its topology is " + mismatch;
}

/// What was measured for groups of the same kind, inside a node or across nodes, by rank count: with the
/// number of ranks a node that is nearest to the one asked for.
std::map<int, MeasuredSamples> measured_by_ranks(const std::vector<KernelProfile>& profiles,
                                                 const ClusterTopology& cluster, const GroupShape& group,
                                                 Collective collective) {
  std::map<std::pair<int, int>, MeasuredSamples> all;  // by ranks a node and ranks
  for (const KernelProfile& profile : profiles) {
    for (const MeasuredSamples& measured : measured_between_devices(profile)) {
      const CollectiveSamples& samples = *measured.samples;
      if (parse_enum<Collective>(samples.operation) != collective) continue;
      if ((samples.nodes > 1) != (group.nodes > 1) || !unfit_because(measured, cluster).empty()) continue;
      MeasuredSamples& kept = all[{group.nodes > 1 ? shape_of(measured).ranks_per_node : 0, measured.ranks}];
      if (kept.samples == nullptr || precedes(samples, *kept.samples)) kept = measured;
    }
  }
  const auto distance = [&](int per_node) {
    return group.nodes > 1 ? std::abs(std::log2(per_node) - std::log2(group.ranks_per_node)) : 0.0;
  };
  std::map<int, MeasuredSamples> nearest;
  std::optional<double> least;
  for (const auto& [key, timed] : all) least = std::min(least.value_or(INFINITY), distance(key.first));
  for (const auto& [key, timed] : all) {
    if (distance(key.first) <= *least) nearest.emplace(key.second, timed);
  }
  return nearest;
}

/// The published table for exactly this group.
std::optional<MeasuredSamples> published(const std::vector<KernelProfile>& profiles,
                                         const ClusterTopology& cluster, const GroupShape& group,
                                         Collective collective) {
  std::optional<MeasuredSamples> best;
  for (const KernelProfile& profile : profiles) {
    if (group.nodes > 1 || profile.device != cluster.node.device->name) continue;
    for (const CollectiveSamples& samples : profile.collectives) {
      if (is_measured(samples) || parse_enum<Collective>(samples.operation) != collective) continue;
      if (!is_published_like(samples, cluster.node)) continue;
      if (times_of(samples, group.ranks()).size() < kFewestSizes) continue;
      if (!best || precedes(samples, *best->samples))
        best = MeasuredSamples{&profile, &samples, group.ranks()};
    }
  }
  return best;
}

std::string ranks_text(const GroupShape& shape) {
  return std::to_string(shape.ranks()) + " devices" +
         (shape.nodes > 1 ? " on " + std::to_string(shape.nodes) + " nodes" : "");
}

Source source_of(const std::vector<MeasuredSamples>& timed, const ClusterTopology& cluster,
                 const GroupShape& group, bool carried) {
  const CollectiveSamples& samples = *timed.front().samples;
  const Provenance& provenance = samples.provenance;
  std::string citation = provenance.library + " (" + provenance.source;
  if (!provenance.licence.empty()) citation += ", " + provenance.licence;
  citation += ")";
  if (carried) {
    citation += ", by the model from";
    for (const MeasuredSamples& one : timed)
      citation += (&one == &timed.front() ? " " : " and ") + ranks_text(shape_of(one));
  }
  return {samples.operation + " among " + ranks_text(group),
          carried ? SourceKind::scaled : provenance.kind,
          std::string(cluster.node.device->name) + ", " + samples.topology,
          citation,
          {}};
}

/// Seconds of `bytes`.
using Time = std::function<double(double bytes)>;

Time time_on(const ClusterTopology& cluster, const GroupShape& shape, Collective collective,
             Library library) {
  return [model = model_of(cluster, shape, library), collective](double bytes) {
    return model.time_s(collective, bytes);
  };
}

MeasuredGroup answer(const std::vector<MeasuredSamples>& timed, const ClusterTopology& cluster,
                     const GroupShape& group, Collective collective, Library library) {
  const ClusterTopology full = full_rate(cluster);
  std::vector<Time> series, models;
  std::vector<int> ranks;
  for (const MeasuredSamples& one : timed) {
    models.push_back(time_on(full, shape_of(one), collective, library));
    series.emplace_back([series = MeasuredSeries(times_of(one), models.back())](double bytes) {
      return series.time_s(bytes);
    });
    ranks.push_back(one.ranks);
  }
  const bool carried = timed.size() > 1 || shape_of(timed.front()) != group;
  MeasuredGroup measured{series.front(), source_of(timed, cluster, group, carried)};
  if (!carried && at_full_rate(cluster.node)) return measured;
  if (timed.size() == 1) {
    measured.time_s = [series = series.front(), here = time_on(cluster, group, collective, library),
                       there = models.front()](double bytes) {
      return series(bytes) * here(bytes) / there(bytes);
    };
    return measured;
  }
  measured.time_s = [series = std::move(series), models = std::move(models), ranks = std::move(ranks),
                     here = time_on(cluster, group, collective, library),
                     wanted = group.ranks()](double bytes) {
    std::vector<double> log_ratio;
    for (std::size_t i = 0; i < series.size(); ++i)
      log_ratio.push_back(std::log(series[i](bytes) / models[i](bytes)));
    return here(bytes) * std::exp(across_ranks(ranks, log_ratio, wanted));
  };
  return measured;
}

}  // namespace

std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const ClusterTopology& cluster, const GroupShape& shape,
                                            Collective collective, Library library) {
  if (shape.ranks() < 2) return std::nullopt;
  // Groups inside one node do not share what others use.
  const GroupShape group = shape.nodes == 1 ? GroupShape{.ranks_per_node = shape.ranks_per_node} : shape;
  const std::map<int, MeasuredSamples> measured = measured_by_ranks(profiles, cluster, group, collective);
  if (!measured.empty()) {
    if (const auto exact = measured.find(group.ranks()); exact != measured.end())
      return answer({exact->second}, cluster, group, collective, library);
    std::vector<int> known;
    for (const auto& entry : measured) known.push_back(entry.first);
    std::vector<MeasuredSamples> timed;
    for (const int ranks : neighbouring_ranks(known, group.ranks())) timed.push_back(measured.at(ranks));
    return answer(timed, cluster, group, collective, library);
  }
  if (library != Library::nccl) return std::nullopt;
  const std::optional<MeasuredSamples> table = published(profiles, cluster, group, collective);
  if (!table) return std::nullopt;
  return answer({*table}, cluster, group, collective, library);
}

std::vector<MeasuredSamples> measured_between_devices(const KernelProfile& profile) {
  std::vector<MeasuredSamples> all;
  for (const CollectiveSamples& samples : profile.collectives) {
    if (!is_measured(samples) || is_one_device(samples.topology)) continue;
    for (const std::int64_t ranks : std::set(samples.ranks.begin(), samples.ranks.end()))
      all.push_back({&profile, &samples, static_cast<int>(ranks)});
  }
  return all;
}

std::string unused_because(const MeasuredSamples& measured, const std::vector<KernelProfile>& profiles,
                           const ClusterTopology& cluster) {
  if (std::string reason = unfit_because(measured, cluster); !reason.empty()) return reason;
  bool later = false;
  for (const KernelProfile& profile : profiles) {
    for (const MeasuredSamples& other : measured_between_devices(profile)) {
      const CollectiveSamples& samples = *other.samples;
      if (&samples == measured.samples) {
        later = true;
        continue;
      }
      if (samples.operation != measured.samples->operation || samples.nodes != measured.samples->nodes ||
          other.ranks != measured.ranks || !unfit_because(other, cluster).empty())
        continue;
      if (precedes(samples, *measured.samples) || (!later && !precedes(*measured.samples, samples)))
        return "another series over as many ranks takes precedence, " + samples.provenance.library;
    }
  }
  return {};
}

}  // namespace spotmix::models
