
#include "models/collectives/line_builder.h"
#include "models/collectives/nccl_belief.h"

namespace spotmix::models {
namespace {

constexpr std::array kRingProtocols{Protocol::low_latency, Protocol::low_latency_128, Protocol::simple};

double mesh_ring_bytes_per_s(const NodeTopology& node, int ranks) {
  const RingCount& count = node.rings.at(static_cast<std::size_t>(ranks));
  return count.rings * node.link_bytes_per_s * (count.relayed ? collective_figures().relay_share : 1.0);
}

/// Peer to peer, or for a pair, the slot's rate; otherwise the hops of the ring share one way through the
/// host.
double pcie_ring_bytes_per_s(const NodeTopology& node, int ranks) {
  return node.pcie_peer_to_peer || ranks <= 2 ? node.pcie_bytes_per_s : node.pcie_bytes_per_s / ranks;
}

std::vector<CollectiveLine> ring_lines(const NodeTopology& node, int ranks, Collective collective,
                                       const NodeCosts& costs) {
  const Architecture architecture = node.device->architecture;
  const double believed = believed_ring_bytes_per_s(node, ranks);
  const double actual_share = ring_bytes_per_s(node, ranks) / believed;
  const double factor = bus_factor(collective, ranks);
  std::vector<CollectiveLine> lines;
  for (std::size_t i = 0; i < kRingProtocols.size(); ++i) {
    const Belief belief = believed_ring(architecture, kRingProtocols[i], believed,
                                        ring_hops(collective, ranks), over_pcie(node, ranks));
    CollectiveLine line =
        ring_line(costs.ring[i], kRingProtocols[i], collective, ranks, belief.bus_bytes_per_s * actual_share);
    line.believed_latency_s = belief.latency_s;
    line.believed_s_per_byte = factor / belief.bus_bytes_per_s;
    lines.push_back(line);
  }
  return lines;
}

CollectiveLine in_network_line(const NodeTopology& node, int ranks, const NodeCosts& costs) {
  const Belief belief =
      believed_in_network(node.device->architecture, believed_ring_bytes_per_s(node, ranks));
  CollectiveLine line;
  line.algorithm = Algorithm::in_network;
  line.protocol = Protocol::simple;
  line.believed_latency_s = belief.latency_s;
  line.believed_s_per_byte = 1.0 / belief.bus_bytes_per_s;
  line.latency_s = costs.in_network_base_s;
  line.s_per_byte =
      costs.in_network_s_per_byte * believed_ring_bytes_per_s(node, ranks) / ring_bytes_per_s(node, ranks);
  return line;
}

/// Messages between pairs: all_to_all sends (n−1)/n of its bytes to n−1 peers at once. The belief is NCCL's
/// threshold: small messages up to it, then the other.
std::vector<CollectiveLine> pair_lines(const NodeTopology& node, int ranks, Collective collective,
                                       const NodeCosts& costs) {
  const bool all_pairs = collective == Collective::all_to_all;
  const double rate = pair_bytes_per_s(node, ranks, collective);
  const double threshold_bytes = kSmallMessageBytes * (all_pairs ? ranks : 1);
  std::vector<CollectiveLine> lines;
  for (const bool small : {true, false}) {
    const PairCosts& pair = costs.pair[small ? 0 : 1];
    CollectiveLine line;
    line.algorithm = Algorithm::direct;
    line.protocol = small ? Protocol::low_latency : Protocol::simple;
    line.latency_s = pair.base_s + (all_pairs ? pair.peer_s * (ranks - 2) : 0.0);
    line.s_per_byte = bus_factor(collective, ranks) * pair.wire / rate;
    line.believed_latency_s = small ? 0.0 : threshold_bytes;
    line.believed_s_per_byte = small ? 1.0 : 0.0;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

bool over_pcie(const NodeTopology& node, int ranks) {
  return node.interconnect == Interconnect::pcie ||
         (node.interconnect == Interconnect::nvlink_pairs && ranks > 2);
}

double pair_bytes_per_s(const NodeTopology& node, int ranks, Collective collective) {
  const int reach = collective == Collective::all_to_all ? ranks : 2;
  if (over_pcie(node, ranks) || node.interconnect == Interconnect::nvlink_mesh)
    return ring_bytes_per_s(node, reach);
  return device_bytes_per_s(node);
}

double ring_bytes_per_s(const NodeTopology& node, int ranks) {
  switch (node.interconnect) {
    case Interconnect::nvlink_mesh: {
      const double mesh = mesh_ring_bytes_per_s(node, ranks);
      return mesh > 0 ? mesh : pcie_ring_bytes_per_s(node, ranks);
    }
    case Interconnect::nvlink_pairs:
      return ranks <= 2 ? mesh_ring_bytes_per_s(node, ranks) : pcie_ring_bytes_per_s(node, ranks);
    case Interconnect::nvswitch:
      return node.link_bytes_per_s * node.device->nvlink_links;
    default:
      return pcie_ring_bytes_per_s(node, ranks);
  }
}

double believed_ring_bytes_per_s(const NodeTopology& node, int ranks) {
  NodeTopology believed = node;
  believed.link_bytes_per_s = node.believed_link_bytes_per_s;
  believed.pcie_bytes_per_s = node.believed_pcie_bytes_per_s;
  return ring_bytes_per_s(believed, ranks);
}

double device_bytes_per_s(const NodeTopology& node) {
  switch (node.interconnect) {
    case Interconnect::nvlink_mesh:
    case Interconnect::nvswitch:
      return node.link_bytes_per_s * node.device->nvlink_links;
    case Interconnect::nvlink_pairs:
      return node.link_bytes_per_s * node.links.links(0, 1);
    default:
      return node.pcie_bytes_per_s;
  }
}

std::vector<CollectiveLine> node_lines(const NodeTopology& node, int ranks, Collective collective,
                                       Library library, const NodeCosts& costs) {
  if (collective == Collective::all_to_all || collective == Collective::send_receive)
    return pair_lines(node, ranks, collective, costs);
  std::vector<CollectiveLine> lines = ring_lines(node, ranks, collective, costs);
  if (collective == Collective::all_reduce && node.in_network_reduction &&
      ranks >= collective_figures().in_network_ranks && library != Library::nccl_2020)
    lines.push_back(in_network_line(node, ranks, costs));
  return lines;
}

std::vector<CollectiveLine> custom_lines(const NodeTopology& node, int ranks, const CustomCosts& costs) {
  const double rate = over_pcie(node, ranks) ? ring_bytes_per_s(node, ranks) : device_bytes_per_s(node);
  CollectiveLine one_shot;
  one_shot.algorithm = Algorithm::one_shot;
  one_shot.latency_s = costs.one_shot_base_s;
  one_shot.s_per_byte = (ranks - 1) * costs.one_shot_wire / rate;
  CollectiveLine two_shot;
  two_shot.algorithm = Algorithm::two_shot;
  two_shot.latency_s = costs.two_shot_base_s;
  two_shot.s_per_byte = bus_factor(Collective::all_reduce, ranks) * costs.two_shot_wire / rate;
  for (CollectiveLine* line : {&one_shot, &two_shot}) {
    line->believed_latency_s = line->latency_s;
    line->believed_s_per_byte = line->s_per_byte;
  }
  return {one_shot, two_shot};
}

}  // namespace spotmix::models
