// Devices, the links between them inside a node, and the network between nodes.
//
// Rates are bytes per second in one direction. Rates inside a node are what a ring's wire sees at best
// (protocol overhead on the link taken off); what a library makes of them is the business of
// models/collectives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/hardware/device.h"
#include "models/hardware/link_graph.h"

namespace spotmix::models {

enum class Interconnect : std::uint8_t {
  none,          ///< One device, or host processors that only meet on the network.
  pcie,          ///< Through PCIe switches and the host.
  nvlink_pairs,  ///< Bridges between two devices, PCIe between pairs.
  nvlink_mesh,   ///< Direct links of a LinkGraph.
  nvswitch,      ///< Every device reaches every other at its full rate.
};
constexpr auto enum_names(Interconnect) {
  using enum Interconnect;
  return enum_table<Interconnect>({{none, "none"},
                                   {pcie, "pcie"},
                                   {nvlink_pairs, "nvlink_pairs"},
                                   {nvlink_mesh, "nvlink_mesh"},
                                   {nvswitch, "nvswitch"}});
}

enum class Transport : std::uint8_t {
  tcp,
  efa_1,       ///< AWS Elastic Fabric Adapter of p3dn, p4d, g4dn, g5, g6.
  efa_2,       ///< Of p5 and p5e.
  efa_3,       ///< Of p5en and p6, third and fourth generation.
  infiniband,  ///< Or RoCE with remote direct memory access.
};
constexpr auto enum_names(Transport) {
  using enum Transport;
  return enum_table<Transport>(
      {{tcp, "tcp"}, {efa_1, "efa_1"}, {efa_2, "efa_2"}, {efa_3, "efa_3"}, {infiniband, "infiniband"}});
}

/// What a node is made of, as its seller or its data sheet says.
struct NodeSpec {
  std::string name{};    ///< Empty: made of the number and the name of its devices, "8xT4".
  std::string device{};  ///< A name that find_device knows.
  int devices = 1;
  int pcie_lanes = 16;                         ///< Wired to each device's slot.
  std::optional<Interconnect> interconnect{};  ///< None: as such devices are usually connected.
  /// Of one device to the others of its node; 0: as such devices are connected.
  double intra_bytes_per_s = 0;
  double network_bytes_per_s = 0;  ///< All adapters of the node together, theoretical.
  Transport transport = Transport::tcp;
  int network_adapters = 1;
};

struct NodeTopology {
  std::string name;
  const DeviceSpec* device = nullptr;  ///< Never null in a node that has devices.
  int devices = 1;
  Interconnect interconnect = Interconnect::none;
  LinkGraph links;               ///< For nvlink_mesh and nvlink_pairs.
  std::vector<RingCount> rings;  ///< Of the first n devices over `links`, for n = 0, 1, …; made with them.
  double link_bytes_per_s = 0;   ///< One NVLink, effective.
  double believed_link_bytes_per_s =
      0;                              ///< What NCCL takes that to be, by generation; its choices follow it.
  bool in_network_reduction = false;  ///< The switch adds (NVLink SHARP).
  double pcie_bytes_per_s = 0;        ///< One device's slot, effective, as built into this node.
  double believed_pcie_bytes_per_s = 0;
  /// Whether devices write to each other over PCIe. Where not, every hop goes through host memory, which all
  /// share.
  bool pcie_peer_to_peer = true;
  double network_bytes_per_s = 0;  ///< All adapters of the node together, theoretical.
  int network_adapters = 1;
  /// Whether the adapters read device memory themselves. Where not, every message is copied through host
  /// memory.
  bool gpu_direct = true;
  Transport transport = Transport::tcp;
};

struct ClusterTopology {
  NodeTopology node;
  int nodes = 1;
  /// Rate and delay between two nodes in different zones; unused where all are in one.
  std::optional<double> cross_zone_bytes_per_s;
  double cross_zone_latency_s = 0;
};

/// How a node's devices are usually connected: V100 and P100 SXM by the (hybrid) cube mesh, later SXM devices
/// by NVSwitch, all others by PCIe.
Interconnect usual_interconnect(const DeviceSpec& device, int devices);

/// Why such devices are not connected so; nullopt if they can be.
[[nodiscard]] std::optional<std::string> interconnect_problem(const DeviceSpec& device, int devices,
                                                              Interconnect by);

/// The node with the interconnect that the spec names, else the usual one; a switch adds from Hopper on.
/// REQUIRES: find_device knows the device, and there is no interconnect_problem.
NodeTopology make_node(const NodeSpec& spec);

/// Puts the node's devices on a mesh of direct links and counts its rings.
void connect_mesh(NodeTopology& node, Interconnect interconnect, LinkGraph links);

}  // namespace spotmix::models
