#include "models/collectives/measured_node.h"

#include <string>
#include <tuple>
#include <utility>

#include "models/collectives/measured.h"

namespace spotmix::models {
namespace {

/// Fewer cannot tell latency from bandwidth.
constexpr std::size_t kFewestSizes = 4;

/// Whether the samples are of NCCL's own choice of algorithm between devices that are connected like those of
/// the node. spotmix-measure calls them "peer" on whatever machine it runs.
bool is_like(const CollectiveSamples& samples, const NodeTopology& node) {
  if (samples.algorithm != "auto" || samples.nodes != 1) return false;
  if (samples.provenance.kind == SourceKind::measured) return samples.topology == "peer";
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

Communicator model_of(const NodeTopology& node, int ranks) {
  return {{node, 1, std::nullopt, 0}, {ranks, 1, 1, false}};
}

NodeTopology at_full_rate(NodeTopology node) {
  node.link_bytes_per_s = node.believed_link_bytes_per_s;
  node.pcie_bytes_per_s = node.believed_pcie_bytes_per_s;
  return node;
}

/// Measured here before published, then the newer library.
auto preference(const CollectiveSamples& samples) {
  return std::tuple(samples.provenance.kind == SourceKind::measured, samples.provenance.library);
}

Source source_of(const CollectiveSamples& samples, const NodeTopology& node, int ranks) {
  const Provenance& provenance = samples.provenance;
  std::string citation = provenance.library + " (" + provenance.source;
  if (!provenance.licence.empty()) citation += ", " + provenance.licence;
  return {samples.operation + " among " + std::to_string(ranks) + " devices",
          provenance.kind,
          std::string(node.device->name) + ", " + samples.topology,
          citation + ")",
          {}};
}

}  // namespace

std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const NodeTopology& node, int ranks, Collective collective) {
  const CollectiveSamples* best = nullptr;
  for (const KernelProfile& profile : profiles) {
    if (profile.device != node.device->name) continue;
    for (const CollectiveSamples& samples : profile.collectives) {
      if (parse_enum<Collective>(samples.operation) != collective || !is_like(samples, node)) continue;
      if (times_of(samples, ranks).size() < kFewestSizes) continue;
      if (best == nullptr || preference(*best) < preference(samples)) best = &samples;
    }
  }
  if (best == nullptr) return std::nullopt;
  const NodeTopology full = at_full_rate(node);
  const auto at_full = [model = model_of(full, ranks), collective](double bytes) {
    return model.time_s(collective, bytes);
  };
  MeasuredGroup group{[series = MeasuredSeries(times_of(*best, ranks), at_full)](double bytes) {
                        return series.time_s(bytes);
                      },
                      source_of(*best, node, ranks)};
  if (full.link_bytes_per_s != node.link_bytes_per_s || full.pcie_bytes_per_s != node.pcie_bytes_per_s) {
    group.time_s = [measured = std::move(group.time_s), at_full, here = model_of(node, ranks),
                    collective](double bytes) {
      return measured(bytes) * here.time_s(collective, bytes) / at_full(bytes);
    };
  }
  return group;
}

}  // namespace spotmix::models
