#include <algorithm>
#include <cmath>

#include "models/collectives/line_builder.h"

namespace spotmix::models {
namespace {

constexpr std::array kProtocols{Protocol::low_latency, Protocol::low_latency_128, Protocol::simple};

/// Bytes through one node's adapters, each way, per byte of the collective.
///   all_reduce: a double binary tree, in which each node is a leaf of one tree and has two children in the
///   other, moves 2 bytes; two nodes move 1. A ring moves 2(n−1)/n.
///   all_gather, reduce_scatter: what the other nodes hold, (N−1)/N. all_to_all: the g ranks' bytes for
///   others.
double network_bytes_per_byte(const GroupShape& group, Collective collective, Algorithm algorithm) {
  const double nodes = group.nodes;
  switch (collective) {
    case Collective::all_reduce:
      if (algorithm == Algorithm::ring) return bus_factor(collective, group.ranks());
      return group.nodes == 2 ? 1.0 : 2.0;
    case Collective::all_gather:
    case Collective::reduce_scatter:
      return (nodes - 1.0) / nodes;
    case Collective::all_to_all:
      return group.ranks_per_node * (nodes - 1.0) / nodes;
    default:
      return 1.0;
  }
}

/// Hops over the network one after another: up and down the tree, or once around the ring of nodes.
double network_hops(const GroupShape& group, Collective collective, Algorithm algorithm) {
  switch (collective) {
    case Collective::all_reduce:
      if (algorithm == Algorithm::ring) return 2.0 * (group.nodes - 1);
      return 2.0 * std::ceil(std::log2(group.nodes));
    case Collective::all_gather:
    case Collective::reduce_scatter:
      return group.nodes - 1.0;
    default:
      return 1.0;
  }
}

/// Time per byte inside the node, which runs at the same time as the network.
double inner_s_per_byte(const NodeTopology& node, const GroupShape& group, Collective collective,
                        Library library, const NodeCosts& costs) {
  if (group.ranks_per_node < 2) return 0.0;
  double best = std::numeric_limits<double>::infinity();
  for (const CollectiveLine& line : node_lines(node, group.ranks_per_node, collective, library, costs))
    best = std::min(best, line.s_per_byte + line.loop_s / line.loop_bytes);
  return best;
}

CollectiveLine network_line(const ClusterTopology& cluster, const GroupShape& group, Collective collective,
                            Library library, const CollectiveCosts& costs, Algorithm algorithm,
                            std::size_t protocol) {
  const NetworkCosts& network = costs.network;
  const RingCosts& ring = costs.node.ring[protocol];
  const double inner_hops =
      algorithm == Algorithm::direct ? 0.0 : ring_hops(collective, std::max(group.ranks_per_node, 1));
  const double hops = network_hops(group, collective, algorithm);
  CollectiveLine line;
  line.algorithm = algorithm;
  line.protocol = kProtocols[protocol];
  line.latency_s = network.base_s[protocol] + inner_hops * ring.hop_s + hops * network.hop_s;
  if (group.across_zones) line.latency_s += hops * cluster.cross_zone_latency_s;
  const double rate = network.efficiency[protocol] * network_bytes_per_s(cluster, group) *
                      (cluster.node.gpu_direct || cluster.node.transport == Transport::tcp
                           ? 1.0
                           : collective_figures().host_copy_share);
  line.s_per_byte = std::max(network_bytes_per_byte(group, collective, algorithm) / rate,
                             inner_s_per_byte(cluster.node, group, collective, library, costs.node));
  line.believed_latency_s = line.latency_s;
  line.believed_s_per_byte = line.s_per_byte;
  return line;
}

}  // namespace

double network_bytes_per_s(const ClusterTopology& cluster, const GroupShape& group) {
  const NodeTopology& node = cluster.node;
  const double shared = node.network_bytes_per_s / group.concurrent_groups;
  // A rank sends through the adapters nearest to it: one, or its share where there are more than devices.
  const double reachable = std::max(1.0 / node.network_adapters, 1.0 / node.devices) * group.ranks_per_node;
  double rate = std::min(shared, node.network_bytes_per_s * std::min(reachable, 1.0));
  if (group.across_zones && cluster.cross_zone_bytes_per_s)
    rate = std::min(rate, *cluster.cross_zone_bytes_per_s / group.concurrent_groups);
  return rate;
}

std::vector<CollectiveLine> network_lines(const ClusterTopology& cluster, const GroupShape& group,
                                          Collective collective, Library library,
                                          const CollectiveCosts& costs) {
  std::vector<CollectiveLine> lines;
  const auto add = [&](Algorithm algorithm, std::size_t protocol) {
    lines.push_back(network_line(cluster, group, collective, library, costs, algorithm, protocol));
  };
  if (collective == Collective::all_to_all || collective == Collective::send_receive) {
    add(Algorithm::direct, 0);
    add(Algorithm::direct, 2);
    return lines;
  }
  const Algorithm small = collective == Collective::all_reduce ? Algorithm::tree : Algorithm::ring;
  for (std::size_t protocol = 0; protocol < kProtocols.size(); ++protocol) add(small, protocol);
  if (collective == Collective::all_reduce) add(Algorithm::ring, 2);
  return lines;
}

}  // namespace spotmix::models
