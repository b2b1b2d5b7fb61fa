#include "models/step/cluster.h"

#include <cassert>
#include <vector>

#include "base/text/nearest.h"
#include "models/collectives/collectives.h"

namespace spotmix::models {
namespace {

// One way between two zones of a region: AWS names single-digit milliseconds, measured round trips are about
// 1 ms.
constexpr double kZoneLatency_s = 0.5e-3;

std::string device_problem(const NodeSpec& node) {
  if (node.devices < 1) return "a group of the cluster has no devices";
  if (find_device(node.device) != nullptr) return "";
  return "no device " + in_quotes(node.device) + did_you_mean(node.device, device_names());
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
  for (const InstanceGroup& group : cluster.groups) count += group.node.devices * group.instances;
  return count;
}

NodeTopology node_of(const InstanceGroup& group) {
  return make_node(group.node);
}

std::string cluster_problem(const Cluster& cluster) {
  if (cluster.groups.empty()) return "the cluster has no instances";
  int instances = 0;
  for (const InstanceGroup& group : cluster.groups) {
    if (group.instances < 1) return "a group of the cluster has no instances";
    if (std::string problem = device_problem(group.node); !problem.empty()) return problem;
    instances += group.instances;
  }
  for (const InstanceGroup& group : cluster.groups) {
    if (instances > 1 && !(group.node.network_bytes_per_s > 0))
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
  assert(network != nullptr);
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
