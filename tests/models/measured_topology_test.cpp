#include "models/collectives/measured_topology.h"

#include <catch2/catch.hpp>

#include "bench/nodes.h"

using namespace spotmix::models;
using spotmix::bench::node_named;

TEST_CASE("Every topology that the documentation names is known", "[nccl]") {
  for (const char* name : {"peer", "unspecified", "nvswitch", "nvlink", "NVLink4", "nvlink-mesh",
                           "nvlink-pairs", "NVLink-pair+PCIe", "pcie", "efa", "infiniband", "roce", "tcp",
                           "ethernet", "nvswitch+efa", "nvswitch, infiniband"})
    CHECK(unknown_topology_word(name).empty());
  CHECK(unknown_topology_word("nvswich+efa") == "nvswich");
  CHECK(unknown_topology_word("p5.48xlarge") == "p");
}

TEST_CASE("A topology is that of a node whose links and network it names", "[nccl]") {
  const auto mismatch = [](const char* topology, const char* node, bool several_nodes = false) {
    return topology_mismatch(topology, node_named(node), several_nodes, true);
  };
  for (const char* name : {"nvswitch", "nvlink", "NVLink4", "peer", "unspecified", "nvswitch+efa"})
    CHECK(mismatch(name, "p5.48xlarge", true).empty());
  CHECK(mismatch("pcie", "p5.48xlarge") == "pcie, but p5.48xlarge has nvswitch");
  CHECK(mismatch("nvswitch", "p3.16xlarge") == "nvswitch, but p3.16xlarge has nvlink_mesh");
  CHECK(mismatch("nvlink", "p3.16xlarge").empty());
  CHECK(mismatch("pcie", "g5.48xlarge").empty());
  CHECK(mismatch("infiniband", "p5.48xlarge", true) == "infiniband, but p5.48xlarge has efa_2");
  CHECK(mismatch("infiniband", "p5.48xlarge", false).empty());
  CHECK(mismatch("infiniband", "dgx-h100", true).empty());
  CHECK(mismatch("tcp", "p3.16xlarge", true).empty());
}

TEST_CASE("One rank on each node does not pass through the links inside it", "[nccl]") {
  CHECK(topology_mismatch("nvswitch+tcp", node_named("p3.16xlarge"), true, false).empty());
}
