#include "models/step/cluster.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "models/collectives/collectives.h"

namespace spotmix::models {
namespace {

// One way between two zones of a region: AWS names single-digit milliseconds, measured round trips are about
// 1 ms.
constexpr double kZoneLatency_s = 0.5e-3;

std::string device_problem(const InstanceGroup& group) {
  if (!group.instance_type.empty() && find_node(group.instance_type)) return "";
  if (group.devices_per_instance < 1) return "a group of the cluster has no devices";
  if (find_device(group.device) != nullptr) return "";
  return "no device '" + group.device + "'; the nearest is '" +
         std::string(nearest_device_name(group.device)) + "'";
}

/// Gives the links inside the node the share of `bytes_per_s` that adds up to it, but no more than such links
/// carry: catalogues often count both directions.
void set_inner_rate(NodeTopology& node, double bytes_per_s) {
  if (node.interconnect == Interconnect::pcie || node.interconnect == Interconnect::none) {
    node.pcie_bytes_per_s = std::min(bytes_per_s, node.pcie_bytes_per_s);
  } else {
    node.link_bytes_per_s =
        std::min(node.link_bytes_per_s, bytes_per_s / std::max(1, node.device->nvlink_links));
  }
}

/// What the links inside a node take for a large sum; 0 where one device is alone.
double inner_s(const NodeTopology& node) {
  constexpr double kLarge_bytes = 1 << 28;
  const Communicator group({node, 1, std::nullopt, 0}, {.ranks_per_node = node.devices});
  return group.time_s(Collective::all_reduce, kLarge_bytes);
}

/// Links inside as in `node`, adapters as in `other`.
NodeTopology with_network_of(NodeTopology node, const NodeTopology& other) {
  node.network_bytes_per_s = other.network_bytes_per_s;
  node.network_adapters = other.network_adapters;
  node.gpu_direct = other.gpu_direct;
  node.transport = other.transport;
  return node;
}

}  // namespace

int device_count(const Cluster& cluster) {
  int count = 0;
  for (const InstanceGroup& group : cluster.groups) count += node_of(group).devices * group.instances;
  return count;
}

NodeTopology node_of(const InstanceGroup& group) {
  assert(device_problem(group).empty());
  if (!group.instance_type.empty()) {
    if (auto node = find_node(group.instance_type)) return *node;
  }
  NodeTopology node = make_node(*find_device(group.device), group.devices_per_instance,
                                group.inter_bytes_per_s, group.transport, group.network_adapters);
  if (group.intra_bytes_per_s > 0) set_inner_rate(node, group.intra_bytes_per_s);
  return node;
}

std::string cluster_problem(const Cluster& cluster) {
  if (cluster.groups.empty()) return "the cluster has no instances";
  int instances = 0;
  for (const InstanceGroup& group : cluster.groups) {
    if (group.instances < 1) return "a group of the cluster has no instances";
    if (std::string problem = device_problem(group); !problem.empty()) return problem;
    instances += group.instances;
  }
  for (const InstanceGroup& group : cluster.groups) {
    if (instances > 1 && !(node_of(group).network_bytes_per_s > 0))
      return "the bandwidth between the instances is not known";
  }
  return "";
}

ClusterTopology topology_of(const Cluster& cluster) {
  ClusterTopology topology;
  const NodeTopology* network = nullptr;
  std::vector<NodeTopology> nodes;
  for (const InstanceGroup& group : cluster.groups) {
    nodes.push_back(node_of(group));
    topology.nodes += group.instances;
  }
  for (const NodeTopology& node : nodes) {
    if (network == nullptr || node.network_bytes_per_s < network->network_bytes_per_s) network = &node;
  }
  topology.node = *network;
  for (const NodeTopology& node : nodes) {
    if (inner_s(node) > inner_s(topology.node)) topology.node = with_network_of(node, *network);
  }
  topology.nodes -= 1;  // a topology begins with one
  if (cluster.zones > 1) {
    topology.cross_zone_latency_s = cluster.cross_zone_latency_s.value_or(kZoneLatency_s);
    topology.cross_zone_bytes_per_s = cluster.cross_zone_bytes_per_s;
  }
  return topology;
}

}  // namespace spotmix::models
