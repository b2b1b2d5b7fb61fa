#include "models/collectives/collectives.h"

#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "bench/nodes.h"

using namespace spotmix::models;
using spotmix::bench::node_named;

namespace {

/// From `first` to below `end`, each `factor` times the one before.
std::vector<double> sizes(double first, double end, double factor) {
  std::vector<double> all;
  while (first < end) {
    all.push_back(first);
    first *= factor;
  }
  return all;
}

constexpr std::array kAll{Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather,
                          Collective::all_to_all, Collective::broadcast,      Collective::send_receive};

Communicator make(const char* node, int ranks_per_node, int nodes = 1, int concurrent = 1,
                  Library library = Library::nccl) {
  return Communicator({node_named(node), nodes, std::nullopt, 0}, {ranks_per_node, nodes, concurrent, false},
                      library);
}

}  // namespace

TEST_CASE("one rank communicates with nobody") {
  const Communicator alone = make("p3.16xlarge", 1);
  for (const Collective collective : kAll) CHECK(alone.time_s(collective, 1e9) == 0.0);
}

TEST_CASE("no collective is faster than its bytes on the wire") {
  for (const char* node : {"p2.8xlarge", "p3.16xlarge", "p4d.24xlarge", "p5.48xlarge", "p6-b200.48xlarge",
                           "g4dn.metal", "g5.48xlarge", "g6e.48xlarge", "dgx1-p100"}) {
    const NodeTopology topology = node_named(node);
    // Reductions in the switch halve what a device sends; nothing else may pass the signalling rate.
    const double device_rate =
        std::max(topology.device->nvlink_links * topology.device->nvlink_link_bytes_per_s,
                 topology.device->pcie_bytes_per_s) *
        (topology.in_network_reduction ? 2.0 : 1.0);
    for (int ranks = 2; ranks <= 8; ++ranks) {
      const Communicator group = make(node, ranks);
      for (const Collective collective : kAll) {
        for (const double bytes : sizes(1, 1e11, 7)) {
          INFO(node << " ranks " << ranks << " bytes " << bytes);
          CHECK(group.time_s(collective, bytes) > bus_factor(collective, ranks) * bytes / device_rate);
        }
      }
    }
  }
}

TEST_CASE("across nodes the adapters bound every AllReduce") {
  for (const char* node : {"p3dn.24xlarge", "p4d.24xlarge", "p5.48xlarge"}) {
    for (const int nodes : {2, 3, 8, 64}) {
      const Communicator group = make(node, 8, nodes);
      // Each node must at least send its own contribution's share once: (N-1)/N of the buffer, whatever the
      // tree.
      const double least = 1e9 * (nodes - 1.0) / nodes / node_named(node).network_bytes_per_s;
      CHECK(group.time_s(Collective::all_reduce, 1e9) > least);
    }
  }
}

TEST_CASE("within one algorithm and protocol more bytes never take less time") {
  for (const char* node : {"p3.16xlarge", "p4d.24xlarge", "p5.48xlarge", "g5.48xlarge"}) {
    for (const int nodes : {1, 2, 4}) {
      const Communicator group = make(node, 8, nodes);
      for (const Collective collective : kAll) {
        CollectiveTime previous;
        for (const double bytes : sizes(1, 1e11, 1.3)) {
          const CollectiveTime time = group.time(collective, bytes);
          if (time.algorithm == previous.algorithm && time.protocol == previous.protocol)
            CHECK(time.time_s >= previous.time_s);
          previous = time;
        }
      }
    }
  }
}

TEST_CASE("More network bandwidth is never slower and more groups that share it are never faster") {
  NodeTopology slow = node_named("p3dn.24xlarge");
  NodeTopology fast = slow;
  fast.network_bytes_per_s *= 4;
  for (const Collective collective : kAll) {
    for (const double bytes : sizes(1e3, 1e10, 10)) {
      const GroupShape shape{8, 4, 1, false};
      const double slow_s = Communicator({slow, 4, std::nullopt, 0}, shape).time_s(collective, bytes);
      CHECK(Communicator({fast, 4, std::nullopt, 0}, shape).time_s(collective, bytes) <= slow_s);
      const Communicator alone = make("p4d.24xlarge", 1, 4);
      const Communicator sharing = make("p4d.24xlarge", 1, 4, 8);
      CHECK(sharing.time_s(collective, bytes) >= alone.time_s(collective, bytes));
    }
  }
}

TEST_CASE("faster links inside a node are never slower") {
  for (const char* name :
       {"p3.16xlarge", "p4d.24xlarge", "p5.48xlarge", "p6-b200.48xlarge", "g6e.48xlarge"}) {
    for (const Library library : {Library::nccl, Library::nccl_2020, Library::custom_kernels}) {
      for (const double factor : {1.01, 1.3, 4.0}) {
        const NodeTopology slow = node_named(name);
        NodeTopology fast = slow;
        fast.link_bytes_per_s *= factor;
        fast.pcie_bytes_per_s *= factor;
        const GroupShape shape{4, 1, 1, false};
        const Communicator before({slow, 1, std::nullopt, 0}, shape, library);
        const Communicator after({fast, 1, std::nullopt, 0}, shape, library);
        for (const Collective collective : kAll) {
          for (const double bytes : sizes(256, 4e9, 1.4)) {
            INFO(name << " " << factor << " " << bytes);
            CHECK(after.time_s(collective, bytes) <= before.time_s(collective, bytes) * (1 + 1e-12));
          }
        }
      }
    }
  }
}

TEST_CASE("eight groups that share the adapters are each as fast as one alone on an eighth of the rate") {
  NodeTopology eighth = node_named("p4d.24xlarge");
  eighth.network_bytes_per_s /= 8;
  eighth.network_adapters = 1;
  const Communicator alone({eighth, 4, std::nullopt, 0}, {1, 4, 1, false});
  const Communicator sharing = make("p4d.24xlarge", 1, 4, 8);
  for (const double bytes : sizes(1, 1e11, 10))
    CHECK(sharing.time_s(Collective::all_reduce, bytes) ==
          Approx(alone.time_s(Collective::all_reduce, bytes)));
}

TEST_CASE("A V100's AllReduce follows the rings of the mesh instead of the number of devices") {
  const auto rate = [](int ranks) {
    return make("p3.16xlarge", ranks, 1, 1, Library::nccl_2020)
        .time(Collective::all_reduce, 1e9)
        .bus_bytes_per_s;
  };
  CHECK(rate(3) == Approx(2 * rate(2)).epsilon(0.03));
  CHECK(rate(4) == Approx(4 * rate(2)).epsilon(0.06));
  CHECK(rate(6) == Approx(2 * rate(2)).epsilon(0.03));
  CHECK(rate(8) == Approx(6 * rate(2)).epsilon(0.06));
  CHECK(rate(5) < rate(4));
  CHECK(rate(5) < rate(6));
}

TEST_CASE("a switch with reductions passes what the links alone could carry") {
  const CollectiveTime time = make("p5.48xlarge", 8).time(Collective::all_reduce, 4e9);
  CHECK(time.algorithm == Algorithm::in_network);
  CHECK(time.bus_bytes_per_s > 18 * 20.6e9);
}
