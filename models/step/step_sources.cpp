#include "models/step/step_sources.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/stacks/fitted.h"

namespace spotmix::models {
namespace {

std::string in_words(Interconnect interconnect) {
  switch (interconnect) {
    case Interconnect::none:
      return "no links";
    case Interconnect::pcie:
      return "PCIe";
    case Interconnect::nvlink_pairs:
      return "NVLink bridges between pairs";
    case Interconnect::nvlink_mesh:
      return "a mesh of NVLinks";
    case Interconnect::nvswitch:
      return "NVSwitch";
  }
  return "";
}

std::string in_words(Transport transport) {
  switch (transport) {
    case Transport::tcp:
      return "TCP";
    case Transport::efa_1:
    case Transport::efa_2:
    case Transport::efa_3:
      return "EFA";
    case Transport::infiniband:
      return "InfiniBand";
  }
  return "";
}

/// Three digits: 20.6, 3.94.
std::string gigabytes(double bytes_per_s) {
  const double rounded = std::round(bytes_per_s / 1e7) / 100;
  std::string text = std::to_string(rounded);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " GB/s";
}

Source inside(const NodeTopology& node) {
  const bool by_pcie = node.interconnect == Interconnect::pcie;
  const std::string rate =
      gigabytes(by_pcie ? node.pcie_bytes_per_s : node.link_bytes_per_s) + (by_pcie ? " a slot" : " a link");
  return {"collectives inside an instance",
          SourceKind::published,
          node.name + ": " + in_words(node.interconnect) + ", " + rate + " each way",
          "link rates as NCCL counts them; costs fitted on published nccl-tests tables "
          "(docs/fitted_constants.md)",
          {}};
}

Source between(const ClusterTopology& topology) {
  const NodeTopology& node = topology.node;
  return {"collectives between instances",
          SourceKind::published,
          std::to_string(topology.nodes) + " x " + node.name + ": " + gigabytes(node.network_bytes_per_s) +
              " each way, " + in_words(node.transport),
          "network rates of the instance types' specifications; costs fitted on published nccl-tests tables "
          "(docs/fitted_constants.md)",
          {}};
}

Source memory(const StepInput& input) {
  return {"memory of a device",
          SourceKind::published,
          std::string(name_of(input.optimizer)) + " in " + std::string(name_of(input.precision)),
          "bytes per parameter: Rajbhandari et al. 2020, arXiv 1910.02054; activations: Korthikanti et al. "
          "2022, arXiv 2205.05198",
          {}};
}

bool has_fused_attention(const Workload& workload) {
  return std::any_of(workload.layers.begin(), workload.layers.end(), [](const Layer& layer) {
    return std::any_of(layer.forward.begin(), layer.forward.end(), [](const MatrixProduct& product) {
      return product.kind == ProductKind::fused_attention;
    });
  });
}

/// A stack's figures were fitted, or nobody did.
Source framework(const Software& software) {
  if (!has_fitted_figures(software.name))
    return {"framework's own time",
            SourceKind::assumed,
            software.name,
            "the usual cost of a launch; fitted on no training run (docs/fitted_constants.md)",
            {}};
  return {"framework's own time",
          SourceKind::published,
          software.name,
          "fitted on published training runs (docs/fitted_constants.md)",
          {}};
}

}  // namespace

std::vector<Source> step_sources(const StepInput& input, const ClusterTopology& topology,
                                 const OperationCosts& costs) {
  std::vector<Source> sources = costs.sources();
  if (has_fused_attention(input.workload)) {
    sources.push_back({"fused attention",
                       SourceKind::assumed,
                       std::string(costs.device().name),
                       "a fixed share of the peak (docs/fitted_constants.md)",
                       {}});
  }
  sources.push_back(framework(input.software));
  sources.push_back({"layers", SourceKind::published, input.workload.name, input.workload.source, {}});
  if (!input.workload.length_assumed_by.empty()) {
    sources.push_back({"sequence length",
                       SourceKind::assumed,
                       std::to_string(input.workload.sequence_length) + " tokens",
                       input.workload.length_assumed_by,
                       {}});
  }
  if (topology.node.devices > 1) sources.push_back(inside(topology.node));
  if (topology.nodes > 1) sources.push_back(between(topology));
  sources.push_back(memory(input));
  return sources;
}

}  // namespace spotmix::models
