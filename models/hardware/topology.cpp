#include "models/hardware/topology.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace spotmix::models {
namespace {

constexpr double kGiga = 1e9;
constexpr double kFullSlot = 16.0;  ///< Lanes that a device's own PCIe rate counts.

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

void connect_sxm(NodeTopology& node) {
  const DeviceSpec& device = *node.device;
  // The third form of V100 was only sold behind NVSwitch (DGX-2).
  const bool cube_mesh =
      device.architecture == Architecture::pascal ||
      (device.architecture == Architecture::volta && node.devices <= 8 && device.name != "V100-SXM3-32GB");
  node.link_bytes_per_s = effective_link_bytes_per_s(device.architecture);
  node.believed_link_bytes_per_s = node.link_bytes_per_s;
  if (!cube_mesh) {
    node.interconnect = Interconnect::nvswitch;
    node.in_network_reduction = device.architecture >= Architecture::hopper;
    return;
  }
  connect_mesh(
      node, Interconnect::nvlink_mesh,
      device.architecture == Architecture::pascal ? hybrid_cube_mesh_p100() : hybrid_cube_mesh_v100());
}

}  // namespace

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
  if (node.devices > 1 && is_sxm(*device)) {
    connect_sxm(node);
  } else if (node.devices > 1) {
    node.interconnect = Interconnect::pcie;
  }
  if (spec.intra_bytes_per_s > 0) set_inner_rate(node, spec.intra_bytes_per_s);
  return node;
}

}  // namespace spotmix::models
