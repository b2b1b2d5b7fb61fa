#include "models/hardware/link_graph.h"

#include <numeric>

#include <catch2/catch.hpp>

using namespace spotmix::models;

namespace {

RingCount first_devices(const LinkGraph& graph, int count) {
  std::vector<int> members(static_cast<std::size_t>(count));
  std::iota(members.begin(), members.end(), 0);
  return link_disjoint_rings(graph, members);
}

}  // namespace

TEST_CASE("Every V100 of the hybrid cube mesh has six links and every P100 four") {
  for (int device = 0; device < 8; ++device) {
    int v100 = 0;
    int p100 = 0;
    for (int other = 0; other < 8; ++other) {
      v100 += hybrid_cube_mesh_v100().links(device, other);
      p100 += hybrid_cube_mesh_p100().links(device, other);
    }
    CHECK(v100 == 6);
    CHECK(p100 == 4);
  }
}

TEST_CASE("The links of the hybrid cube mesh bound its link-disjoint rings for 2 to 8 devices") {
  const LinkGraph mesh = hybrid_cube_mesh_v100();
  for (const auto& [devices, rings] : {std::pair{2, 1}, {3, 2}, {4, 4}, {6, 2}, {7, 4}, {8, 6}}) {
    INFO(devices);
    const RingCount count = first_devices(mesh, devices);
    CHECK(count.rings == rings);
    CHECK_FALSE(count.relayed);
  }
  // Device 4 reaches the first quad through device 0 alone: no ring without passing a device twice.
  const RingCount five = first_devices(mesh, 5);
  CHECK(five.rings == 2);
  CHECK(five.relayed);
}

TEST_CASE("A group of one device or of devices without links has no rings") {
  CHECK(first_devices(hybrid_cube_mesh_v100(), 1).rings == 0);
  CHECK(first_devices(LinkGraph(4), 4).rings == 0);
}

TEST_CASE("A bridged pair has as many rings as links and none reach beyond it") {
  const LinkGraph pairs = bridged_pairs(4, 12);
  CHECK(first_devices(pairs, 2).rings == 12);
  CHECK(first_devices(pairs, 4).rings == 0);
}
