#include "models/collectives/nccl_belief.h"

#include <algorithm>

#include "base/units/prefixes.h"

namespace spotmix::models {
namespace {

struct ProtocolFigures {
  double base_us;
  double nvlink_hop_us;
  double pcie_hop_us;
};

constexpr ProtocolFigures kLowLatency{6.6, 0.6, 1.0};
constexpr ProtocolFigures kLowLatency128{14.0, 1.9, 2.5};
constexpr ProtocolFigures kSimple{8.4, 3.4, 5.7};

constexpr const ProtocolFigures& figures(Protocol protocol) {
  return protocol == Protocol::low_latency       ? kLowLatency
         : protocol == Protocol::low_latency_128 ? kLowLatency128
                                                 : kSimple;
}

/// llMaxBw of one node, GB/s.
double low_latency_limit(Architecture architecture) {
  switch (architecture) {
    case Architecture::ampere:
    case Architecture::ada:
      return 87.7;
    case Architecture::hopper:
      return 141.0;
    case Architecture::blackwell:
      return 282.0;
    default:
      return 39.0;
  }
}

}  // namespace

Belief believed_ring(Architecture architecture, Protocol protocol, double ring_bytes_per_s, double hops,
                     bool over_pcie) {
  const ProtocolFigures& figure = figures(protocol);
  Belief belief;
  belief.latency_s =
      kMicro * (figure.base_us + hops * (over_pcie ? figure.pcie_hop_us : figure.nvlink_hop_us));
  switch (protocol) {
    case Protocol::low_latency:
      belief.bus_bytes_per_s = std::min(low_latency_limit(architecture) * kGiga, 0.5 * ring_bytes_per_s);
      break;
    case Protocol::low_latency_128:
      belief.bus_bytes_per_s = 0.92 * ring_bytes_per_s;
      break;
    default:
      belief.bus_bytes_per_s = ring_bytes_per_s;
  }
  return belief;
}

Belief believed_in_network(Architecture architecture, double ring_bytes_per_s) {
  const double efficiency = architecture == Architecture::blackwell ? 0.74 : 0.85;
  return {25.0 * kMicro, efficiency * ring_bytes_per_s};
}

}  // namespace spotmix::models
