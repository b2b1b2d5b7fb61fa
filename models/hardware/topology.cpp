#include "models/hardware/topology.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/units/prefixes.h"

namespace spotmix::models {
namespace {

constexpr double kFullSlot = 16.0;  ///< Lanes that a device's own PCIe rate counts.

/// What a bridge between two cards carries of its links' signalling rate.
constexpr double kBridgeEfficiency = 0.8;

/// What one NVLink carries of its signalling rate, by generation: NCCL's figures per link (src/graph/topo.h:
/// 18 of 20, 20 of 25, 20 of 25, 20.6 of 25, 40.1 of 50 GB/s).
double effective_link_bytes_per_s(Architecture architecture) {
  switch (architecture) {
    case Architecture::pascal:
      return 18.0 * kGiga;
    case Architecture::hopper:
      return 20.6 * kGiga;
    case Architecture::blackwell:
      return 40.1 * kGiga;
    default:
      return 20.0 * kGiga;
  }
}

/// NCCL counts 12 GB/s of a third-generation x16 slot's 15.75; the same share holds for the others. Maxwell
/// and P100 reach half of that from device to device (DeepBench: 6.2 GB/s where other Pascal devices
/// have 12.2).
double pcie_efficiency(const DeviceSpec& device) {
  const bool half = device.architecture == Architecture::maxwell || device.name == "P100-PCIE-16GB";
  return (half ? 6.2 : 12.0) / 15.75;
}

bool is_sxm(const DeviceSpec& device) {
  return device.nvlink_links > 0 && device.name.find("PCIE") == std::string_view::npos &&
         device.name.find("NVL") == std::string_view::npos && device.name != "A40";
}

/// Gives the links inside the node the share of `bytes_per_s` that adds up to it, but no more than such links
/// carry: catalogs often count both directions.
void set_inner_rate(NodeTopology& node, double bytes_per_s) {
  if (node.interconnect == Interconnect::pcie || node.interconnect == Interconnect::none) {
    node.pcie_bytes_per_s = std::min(bytes_per_s, node.pcie_bytes_per_s);
  } else {
    node.link_bytes_per_s =
        std::min(node.link_bytes_per_s, bytes_per_s / std::max(1, node.device->nvlink_links));
  }
}

bool has_cube_mesh(const DeviceSpec& device, int devices) {
  // The third form of V100 was only sold behind NVSwitch (DGX-2).
  return device.architecture == Architecture::pascal ||
         (device.architecture == Architecture::volta && devices <= 8 && device.name != "V100-SXM3-32GB");
}

void connect(NodeTopology& node, Interconnect by) {
  const DeviceSpec& device = *node.device;
  node.interconnect = by;
  if (by == Interconnect::pcie) return;
  node.link_bytes_per_s = by == Interconnect::nvlink_pairs
                              ? kBridgeEfficiency * device.nvlink_link_bytes_per_s
                              : effective_link_bytes_per_s(device.architecture);
  node.believed_link_bytes_per_s = node.link_bytes_per_s;
  if (by == Interconnect::nvswitch) {
    node.in_network_reduction = device.architecture >= Architecture::hopper;
  } else if (by == Interconnect::nvlink_pairs) {
    connect_mesh(node, by, bridged_pairs(node.devices, device.nvlink_links));
  } else {
    connect_mesh(
        node, by,
        device.architecture == Architecture::pascal ? hybrid_cube_mesh_p100() : hybrid_cube_mesh_v100());
  }
}

}  // namespace

Interconnect usual_interconnect(const DeviceSpec& device, int devices) {
  if (devices < 2) return Interconnect::none;
  if (!is_sxm(device)) return Interconnect::pcie;
  return has_cube_mesh(device, devices) ? Interconnect::nvlink_mesh : Interconnect::nvswitch;
}

std::optional<std::string> interconnect_problem(const DeviceSpec& device, int devices, Interconnect by) {
  if (by == Interconnect::pcie) return std::nullopt;
  if (by == Interconnect::none)
    return devices > 1 ? std::optional<std::string>("several devices have a link between them")
                       : std::nullopt;
  const std::string name(device.name);
  if (device.nvlink_links == 0) return name + " has no NVLink";
  if (by == Interconnect::nvlink_mesh && !(is_sxm(device) && has_cube_mesh(device, devices)))
    return "only up to eight P100 or V100 SXM devices are connected by a mesh";
  return std::nullopt;
}

void connect_mesh(NodeTopology& node, Interconnect interconnect, LinkGraph links) {
  node.interconnect = interconnect;
  node.links = std::move(links);
  std::vector<int> members;
  node.rings.clear();
  for (int ranks = 0; ranks <= std::min(node.devices, node.links.devices()); ++ranks) {
    node.rings.push_back(link_disjoint_rings(node.links, members));
    members.push_back(ranks);
  }
}

NodeTopology make_node(const NodeSpec& spec) {
  const DeviceSpec* device = find_device(spec.device);
  assert(device != nullptr);
  assert(!spec.interconnect || !interconnect_problem(*device, spec.devices, *spec.interconnect));
  NodeTopology node;
  node.device = device;
  node.devices = spec.devices;
  node.name = spec.name.empty() ? std::to_string(spec.devices) + "x" + std::string(device->name) : spec.name;
  node.network_bytes_per_s = spec.network_bytes_per_s;
  node.transport = spec.transport;
  node.network_adapters = spec.network_adapters;
  // On EC2 from p4d on.
  node.gpu_direct = spec.transport != Transport::tcp &&
                    !(spec.transport == Transport::efa_1 && device->architecture < Architecture::ampere);
  node.pcie_bytes_per_s = pcie_efficiency(*device) * device->pcie_bytes_per_s * (spec.pcie_lanes / kFullSlot);
  node.believed_pcie_bytes_per_s = node.pcie_bytes_per_s;
  // Inference cards in rented servers: measured on L40S, where rings of four and eight share one way
  // (k_collectives).
  node.pcie_peer_to_peer = device->architecture != Architecture::ada &&
                           device->architecture != Architecture::turing && device->name != "A10G";
  if (node.devices > 1) connect(node, spec.interconnect.value_or(usual_interconnect(*device, node.devices)));
  if (spec.intra_bytes_per_s > 0) set_inner_rate(node, spec.intra_bytes_per_s);
  return node;
}

}  // namespace spotmix::models
