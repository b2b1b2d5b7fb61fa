// The constants of the collective model that were fitted on measurements:
// models/collectives/fitted_costs.json and collective_figures.json, which say on which.
#pragma once

#include <array>

#include "models/collectives/ring_costs.h"

namespace spotmix::models {

/// Messages between pairs: send_receive has one peer, all_to_all n−1 at once.
struct PairCosts {
  double base_s = 0;
  double peer_s = 0;  ///< Each peer beyond the first.
  double wire = 1;    ///< Time on the wire ÷ (bytes ÷ a device's bandwidth).
};

/// NCCL sends messages up to this size by its low-latency protocol (NCCL_P2P_LL_THRESHOLD).
inline constexpr double kSmallMessageBytes = 16.0 * 1024.0;

/// Inside one node. Rings are indexed low_latency, low_latency_128, simple.
struct NodeCosts {
  std::array<RingCosts, 3> ring;
  double in_network_base_s = 0;
  double in_network_s_per_byte = 0;  ///< Of the collective's bytes (algorithm bandwidth); 0: not available.
  std::array<PairCosts, 2> pair;     ///< Messages of at most, and above, kSmallMessageBytes per peer.
};

/// One- and two-shot kernels that read peer memory.
struct CustomCosts {
  double one_shot_base_s = 0;
  double one_shot_wire = 1;  ///< Reads (n−1) · bytes at a device's bandwidth.
  double two_shot_base_s = 0;
  double two_shot_wire = 1;  ///< Moves bus_factor · bytes at a device's bandwidth.
  double limit_bytes = 0;
};

/// Across nodes: base + 2·log2(nodes)·hop + bytes ÷ (adapters' rate · share of it reached).
struct NetworkCosts {
  std::array<double, 3> base_s{};  ///< low_latency, low_latency_128, simple.
  double hop_s = 0;
  std::array<double, 3> efficiency{};  ///< Share of the adapters' rate.
};

struct CollectiveCosts {
  NodeCosts node;
  CustomCosts custom;
  NetworkCosts network;
};

/// The costs that ship for this node and library.
CollectiveCosts shipped_costs(const NodeTopology& node, Library library);

struct CollectiveFigures {
  double relay_share = 0;      ///< Of its links, for a ring that passes a member twice.
  double host_copy_share = 0;  ///< Of the rate, where an EFA adapter cannot read device memory.
  int in_network_ranks = 0;    ///< From which on the switch reduces.
  double disturbed = 0;  ///< A smaller message that took this much longer than a larger one was disturbed.
};

const CollectiveFigures& collective_figures();

}  // namespace spotmix::models
