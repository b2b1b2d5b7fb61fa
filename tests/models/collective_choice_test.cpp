// NCCL's choice of algorithm and protocol, and formulas that hold exactly.
#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/collectives/fitted_costs.h"
#include "models/collectives/line_builder.h"
#include "models/collectives/nccl_belief.h"

using namespace spotmix::models;
using spotmix::bench::node_named;

TEST_CASE("NCCL leaves low latency for bandwidth as messages grow") {
  const Communicator group({node_named("dgx-a100"), 1, std::nullopt, 0}, {8, 1, 1, false});
  CHECK(group.time(Collective::all_reduce, 1024).protocol == Protocol::low_latency);
  CHECK(group.time(Collective::all_reduce, 8 << 20).protocol == Protocol::low_latency_128);
  CHECK(group.time(Collective::all_reduce, 64 << 20).protocol == Protocol::simple);
}

TEST_CASE("the switch to the simple protocol lies where NCCL's own figures cross") {
  // low_latency_128: 14 + 14 · 1.9 µs at 0.92 of the bandwidth; simple: 8.4 + 14 · 3.4 µs at all of it.
  const double bandwidth = 12 * 20e9;
  const double bytes = 15.4e-6 / (1 / 0.92 - 1) / 1.75 * bandwidth;
  const Communicator group({node_named("dgx-a100"), 1, std::nullopt, 0}, {8, 1, 1, false});
  CHECK(group.time(Collective::all_reduce, 0.999 * bytes).protocol == Protocol::low_latency_128);
  CHECK(group.time(Collective::all_reduce, 1.001 * bytes).protocol == Protocol::simple);
}

TEST_CASE("a ring line is base + hops + wire: the textbook's 2(n-1)α + 2(n-1)/n · S/B") {
  const RingCosts costs{0, 3e-6, 1, 0, 0, 0};
  for (const int ranks : {2, 3, 8, 100}) {
    const CollectiveLine line = ring_line(costs, Protocol::simple, Collective::all_reduce, ranks, 10e9);
    CHECK(line.cost_s(1e9) == Approx(2.0 * (ranks - 1) * 3e-6 + 2.0 * (ranks - 1) / ranks * 1e9 / 10e9));
    const CollectiveLine gather = ring_line(costs, Protocol::simple, Collective::all_gather, ranks, 10e9);
    CHECK(2 * gather.cost_s(1e9) == Approx(line.cost_s(1e9)));
  }
}

TEST_CASE("each pass over the buffers adds one drain of the pipeline") {
  const RingCosts costs{0, 0, 1, 0, 2e-6, 1e6};
  const CollectiveLine line = ring_line(costs, Protocol::simple, Collective::all_reduce, 4, 10e9);
  const double one_pass = line.cost_s(4e6);
  CHECK(line.cost_s(4e6 + 1) == Approx(one_pass + 6 * 2e-6));
  CHECK(line.cost_s(8e6) == Approx(2 * one_pass));
}

TEST_CASE("a double tree moves the buffer once through two nodes' adapters and twice through more") {
  const ClusterTopology two{node_named("p4d.24xlarge"), 2, std::nullopt, 0};
  const ClusterTopology four{node_named("p4d.24xlarge"), 4, std::nullopt, 0};
  const CollectiveCosts costs = shipped_costs(two.node, Library::nccl);
  const auto tree_s_per_byte = [&](const ClusterTopology& cluster) {
    for (const CollectiveLine& line :
         network_lines(cluster, {8, cluster.nodes, 1, false}, Collective::all_reduce, Library::nccl, costs)) {
      if (line.algorithm == Algorithm::tree && line.protocol == Protocol::simple) return line.s_per_byte;
    }
    return 0.0;
  };
  CHECK(tree_s_per_byte(two) == Approx(1 / (50e9 * costs.network.efficiency[2])));
  CHECK(tree_s_per_byte(four) == Approx(2 * tree_s_per_byte(two)));
}

TEST_CASE("zones cost their delay on every hop of the network") {
  ClusterTopology cluster{node_named("p3.16xlarge"), 4, 1e9, 0.5e-3};
  const double near_s = Communicator(cluster, {8, 4, 1, false}).time_s(Collective::all_reduce, 1e3);
  const double far_s = Communicator(cluster, {8, 4, 1, true}).time_s(Collective::all_reduce, 1e3);
  CHECK(far_s == Approx(near_s + 4 * 0.5e-3).epsilon(0.01));
}

TEST_CASE("Custom kernels serve small messages and NCCL serves large ones") {
  const Communicator group({node_named("dgx-h100"), 1, std::nullopt, 0}, {8, 1, 1, false},
                           Library::custom_kernels);
  CHECK(group.time(Collective::all_reduce, 4096).algorithm == Algorithm::one_shot);
  CHECK(group.time(Collective::all_reduce, 4 << 20).algorithm == Algorithm::two_shot);
  CHECK(group.time(Collective::all_reduce, 1 << 30).algorithm == Algorithm::in_network);
  const Communicator nccl({node_named("dgx-h100"), 1, std::nullopt, 0}, {8, 1, 1, false});
  CHECK(group.time_s(Collective::all_reduce, 4096) < nccl.time_s(Collective::all_reduce, 4096));
}
