#include "models/hardware/topology.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spotmix::models {
namespace {

constexpr double kGiga = 1e9;
constexpr double kGbit = 1e9 / 8.0;

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

struct KnownNode {
  std::string_view name;
  std::string_view device;
  int devices;
  double network_gbit_per_s;
  Transport transport;
  int network_adapters;
  double pcie_share;  ///< Of a x16 slot of the device's generation: g4dn, g5 and g6 wire eight lanes.
};

// Device counts and network rates: the catalogue (EC2 instance specifications; where a type may burst, the
// rate that it can keep); DGX systems: NVIDIA data
// sheets.
constexpr std::array kKnownNodes{
    KnownNode{"p2.xlarge", "K80", 1, 1.25, Transport::tcp, 1, 1},
    KnownNode{"p2.8xlarge", "K80", 8, 10, Transport::tcp, 1, 1},
    KnownNode{"p2.16xlarge", "K80", 16, 20, Transport::tcp, 1, 1},
    KnownNode{"p3.2xlarge", "V100-SXM2-16GB", 1, 2.5, Transport::tcp, 1, 1},
    KnownNode{"p3.8xlarge", "V100-SXM2-16GB", 4, 10, Transport::tcp, 1, 1},
    KnownNode{"p3.16xlarge", "V100-SXM2-16GB", 8, 25, Transport::tcp, 1, 1},
    KnownNode{"p3dn.24xlarge", "V100-SXM2-32GB", 8, 100, Transport::efa_1, 1, 1},
    KnownNode{"p4d.24xlarge", "A100-SXM4-40GB", 8, 400, Transport::efa_1, 4, 1},
    KnownNode{"p4de.24xlarge", "A100-SXM4-80GB", 8, 400, Transport::efa_1, 4, 1},
    KnownNode{"p5.4xlarge", "H100-SXM", 1, 100, Transport::efa_2, 1, 1},
    KnownNode{"p5.48xlarge", "H100-SXM", 8, 3200, Transport::efa_2, 32, 1},
    KnownNode{"p5e.48xlarge", "H200", 8, 3200, Transport::efa_2, 32, 1},
    KnownNode{"p5en.48xlarge", "H200", 8, 3200, Transport::efa_3, 16, 1},
    KnownNode{"p6-b200.48xlarge", "B200", 8, 3200, Transport::efa_3, 8, 1},
    KnownNode{"g4dn.xlarge", "T4", 1, 5, Transport::tcp, 1, 0.5},
    KnownNode{"g4dn.2xlarge", "T4", 1, 10, Transport::tcp, 1, 0.5},
    KnownNode{"g4dn.4xlarge", "T4", 1, 20, Transport::tcp, 1, 0.5},
    KnownNode{"g4dn.8xlarge", "T4", 1, 50, Transport::efa_1, 1, 0.5},
    KnownNode{"g4dn.12xlarge", "T4", 4, 50, Transport::efa_1, 1, 0.5},
    KnownNode{"g4dn.16xlarge", "T4", 1, 50, Transport::efa_1, 1, 0.5},
    KnownNode{"g4dn.metal", "T4", 8, 100, Transport::efa_1, 1, 0.5},
    KnownNode{"g5.xlarge", "A10G", 1, 2.5, Transport::tcp, 1, 0.5},
    KnownNode{"g5.2xlarge", "A10G", 1, 5, Transport::tcp, 1, 0.5},
    KnownNode{"g5.4xlarge", "A10G", 1, 10, Transport::tcp, 1, 0.5},
    KnownNode{"g5.8xlarge", "A10G", 1, 25, Transport::efa_1, 1, 0.5},
    KnownNode{"g5.12xlarge", "A10G", 4, 40, Transport::efa_1, 1, 0.5},
    KnownNode{"g5.16xlarge", "A10G", 1, 25, Transport::efa_1, 1, 0.5},
    KnownNode{"g5.24xlarge", "A10G", 4, 50, Transport::efa_1, 1, 0.5},
    KnownNode{"g5.48xlarge", "A10G", 8, 100, Transport::efa_1, 1, 0.5},
    KnownNode{"g6.xlarge", "L4", 1, 2.5, Transport::tcp, 1, 0.5},
    KnownNode{"g6.2xlarge", "L4", 1, 5, Transport::tcp, 1, 0.5},
    KnownNode{"g6.4xlarge", "L4", 1, 10, Transport::tcp, 1, 0.5},
    KnownNode{"g6.8xlarge", "L4", 1, 25, Transport::efa_1, 1, 0.5},
    KnownNode{"g6.12xlarge", "L4", 4, 40, Transport::efa_1, 1, 0.5},
    KnownNode{"g6.16xlarge", "L4", 1, 25, Transport::efa_1, 1, 0.5},
    KnownNode{"g6.24xlarge", "L4", 4, 50, Transport::efa_1, 1, 0.5},
    KnownNode{"g6.48xlarge", "L4", 8, 100, Transport::efa_1, 1, 0.5},
    KnownNode{"g6e.xlarge", "L40S", 1, 2.5, Transport::tcp, 1, 1},
    KnownNode{"g6e.2xlarge", "L40S", 1, 5, Transport::tcp, 1, 1},
    KnownNode{"g6e.4xlarge", "L40S", 1, 20, Transport::tcp, 1, 1},
    KnownNode{"g6e.8xlarge", "L40S", 1, 25, Transport::efa_1, 1, 1},
    KnownNode{"g6e.12xlarge", "L40S", 4, 100, Transport::efa_1, 1, 1},
    KnownNode{"g6e.16xlarge", "L40S", 1, 35, Transport::efa_1, 1, 1},
    KnownNode{"g6e.24xlarge", "L40S", 4, 200, Transport::efa_1, 2, 1},
    KnownNode{"g6e.48xlarge", "L40S", 8, 400, Transport::efa_1, 4, 1},
    KnownNode{"dgx1-p100", "P100-SXM2-16GB", 8, 400, Transport::infiniband, 4, 1},
    KnownNode{"dgx1-v100", "V100-SXM2-32GB", 8, 400, Transport::infiniband, 4, 1},
    KnownNode{"dgx2", "V100-SXM3-32GB", 16, 800, Transport::infiniband, 8, 1},
    KnownNode{"dgx-a100", "A100-SXM4-80GB", 8, 1600, Transport::infiniband, 8, 1},
    KnownNode{"dgx-h100", "H100-SXM", 8, 3200, Transport::infiniband, 8, 1},
    KnownNode{"dgx-h200", "H200", 8, 3200, Transport::infiniband, 8, 1},
    KnownNode{"dgx-b200", "B200", 8, 3200, Transport::infiniband, 8, 1},
    KnownNode{"gb200-nvl72", "GB200", 72, 28800, Transport::infiniband, 72, 1},
    KnownNode{"gb300-nvl72", "GB300", 72, 57600, Transport::infiniband, 72, 1},
};

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

NodeTopology make_node(const DeviceSpec& device, int devices, double network_bytes_per_s, Transport transport,
                       int network_adapters) {
  NodeTopology node;
  node.device = &device;
  node.devices = devices;
  node.name = std::to_string(devices) + "x" + std::string(device.name);
  node.network_bytes_per_s = network_bytes_per_s;
  node.transport = transport;
  node.network_adapters = network_adapters;
  // On EC2 from p4d on.
  node.gpu_direct = transport != Transport::tcp &&
                    !(transport == Transport::efa_1 && device.architecture < Architecture::ampere);
  node.pcie_bytes_per_s = pcie_efficiency(device) * device.pcie_bytes_per_s;
  node.believed_pcie_bytes_per_s = node.pcie_bytes_per_s;
  // Inference cards in rented servers: measured on L40S, where rings of four and eight share one way
  // (k_collectives).
  node.pcie_peer_to_peer = device.architecture != Architecture::ada &&
                           device.architecture != Architecture::turing && device.name != "A10G";
  if (devices <= 1) return node;
  if (is_sxm(device)) {
    connect_sxm(node);
  } else {
    node.interconnect = Interconnect::pcie;
  }
  return node;
}

std::optional<NodeTopology> find_node(std::string_view name) {
  for (const KnownNode& known : kKnownNodes) {
    if (known.name != name) continue;
    NodeTopology node = make_node(*find_device(known.device), known.devices, known.network_gbit_per_s * kGbit,
                                  known.transport, known.network_adapters);
    node.name = name;
    node.pcie_bytes_per_s *= known.pcie_share;
    node.believed_pcie_bytes_per_s *= known.pcie_share;
    return node;
  }
  return std::nullopt;
}

}  // namespace spotmix::models
