#include "models/collectives/measured_group.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/kernels/profile_set.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix::models;
using spotmix::bench::node_named;

namespace {

KernelProfile timed(const char* device, const char* topology, const char* library, double slowness) {
  KernelProfile profile;
  profile.device = device;
  profile.limits = limits_of(*find_device(device));
  CollectiveSamples samples;
  samples.provenance = {SourceKind::published, "a table", library, "Apache-2.0", ""};
  samples.operation = "all_reduce";
  samples.algorithm = "auto";
  samples.topology = topology;
  for (int power = 10; power < 30; power += 2) {
    const double bytes = std::ldexp(1.0, power);
    samples.ranks.push_back(8);
    samples.bytes.push_back(bytes);
    samples.median_s.push_back(slowness * (20e-6 + bytes / 150e9));
  }
  profile.collectives.push_back(samples);
  return profile;
}

ClusterTopology cluster_of(const NodeTopology& node, int nodes = 1) {
  return {node, nodes, std::nullopt, 0};
}

Communicator model_of(const NodeTopology& node, int ranks) {
  return {cluster_of(node), {ranks, 1, 1, false}};
}

std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const NodeTopology& node, int ranks, Collective collective) {
  return measured_group(profiles, cluster_of(node), {.ranks_per_node = ranks}, collective);
}

}  // namespace

TEST_CASE("A node whose collectives were timed takes the times and says whose they are") {
  const NodeTopology node = node_named("p4de.24xlarge");
  Communicator group = model_of(node, 8);
  const auto measured = measured_group({timed("A100-SXM4-80GB", "NVLink3", "nccl-tests-2.27.3", 1.3)}, node,
                                       8, Collective::all_reduce);
  REQUIRE(measured);
  CHECK(measured->source.figure == "all_reduce among 8 devices");
  CHECK(measured->source.kind == SourceKind::published);
  CHECK(measured->source.citation == "nccl-tests-2.27.3 (a table, Apache-2.0)");
  group.use_measured(Collective::all_reduce, measured->time_s);
  CHECK(group.time_s(Collective::all_reduce, 4 * 1024 * 1024) ==
        Approx(1.3 * (20e-6 + 4 * 1024 * 1024 / 150e9)));
  const Communicator untouched = model_of(node, 8);
  CHECK(group.time_s(Collective::all_gather, 1e6) == untouched.time_s(Collective::all_gather, 1e6));
}

TEST_CASE("The newest library answers") {
  const NodeTopology node = node_named("p5.48xlarge");
  const auto measured = measured_group({timed("H100-SXM", "NVLink4", "nccl-tests-2.29.2", 1.0),
                                        timed("H100-SXM", "NVLink4", "nccl-tests-2.27.3", 2.0)},
                                       node, 8, Collective::all_reduce);
  REQUIRE(measured);
  CHECK(measured->source.citation.find("2.29.2") != std::string::npos);
}

TEST_CASE("Times of other devices or rank counts or libraries or links do not answer") {
  const NodeTopology node = node_named("p5.48xlarge");
  const auto found = [](const KernelProfile& profile, const NodeTopology& asked, int ranks) {
    return measured_group({profile}, asked, ranks, Collective::all_reduce).has_value();
  };
  const KernelProfile good = timed("H100-SXM", "NVLink4", "nccl-tests-2.29.2", 1.0);
  CHECK(found(good, node, 8));
  CHECK_FALSE(found(good, node, 4));
  CHECK_FALSE(found(timed("H200", "NVLink4", "nccl-tests-2.29.2", 1.0), node, 8));
  CHECK_FALSE(found(timed("H100-SXM", "NVLink4", "vllm/0.24.0", 1.0), node, 8));
  CHECK_FALSE(found(timed("H100-SXM", "NVLink-pair+PCIe", "nccl-tests-2.29.2", 1.0), node, 8));
}

TEST_CASE("Slower links take as much longer than the measured times as the model says") {
  const NodeTopology node = node_named("p5.48xlarge");
  const std::vector<KernelProfile> profiles{timed("H100-SXM", "NVLink4", "nccl-tests-2.29.2", 1.0)};
  const auto full = measured_group(profiles, node, 8, Collective::all_reduce);
  NodeTopology slowed = node;
  for (const double share : {0.9, 0.5, 0.1}) {
    slowed.link_bytes_per_s = share * node.link_bytes_per_s;
    const auto slower = measured_group(profiles, slowed, 8, Collective::all_reduce);
    REQUIRE(slower);
    for (const double bytes : {4e3, 4e6, 4e9}) CHECK(slower->time_s(bytes) >= full->time_s(bytes));
    CHECK(slower->time_s(4e9) == Approx(full->time_s(4e9) / share).epsilon(0.05));
  }
}

TEST_CASE("The times that ship answer for the instances that have such devices") {
  const std::vector<KernelProfile>& shipped = spotmix::tests::shipped();
  for (const char* name :
       {"p4de.24xlarge", "p5.48xlarge", "p5en.48xlarge", "p6-b200.48xlarge", "g6e.48xlarge"}) {
    const NodeTopology node = node_named(name);
    INFO(name);
    for (const Collective collective : {Collective::all_reduce, Collective::all_gather,
                                        Collective::reduce_scatter, Collective::all_to_all}) {
      const Communicator model = model_of(node, 8);
      const auto measured = measured_group(shipped, node, 8, collective);
      REQUIRE(measured);
      // A gigabyte takes between half and twice what the fitted lines say: the right rows, in the right
      // units.
      CHECK(measured->time_s(1e9) > 0.5 * model.time_s(collective, 1e9));
      CHECK(measured->time_s(1e9) < 2 * model.time_s(collective, 1e9));
    }
  }
  CHECK_FALSE(measured_group(shipped, node_named("p3.16xlarge"), 8, Collective::all_reduce));
}

namespace {

/// What nccl-tests measured of all_reduce on a cluster of one's own: `slowness` times the model.
struct Run {
  const char* device = "H100-SXM";
  const char* topology = "nvswitch";
  int nodes = 1;
  int ranks = 8;
  double slowness = 1;
  int sizes = 8;
  const char* library = "nccl-2.27.3";
};

KernelProfile ran(const NodeTopology& node, const Run& run) {
  KernelProfile profile;
  profile.device = run.device;
  profile.limits = limits_of(*find_device(run.device));
  CollectiveSamples samples;
  samples.provenance = {SourceKind::measured, "nccl-tests", run.library, "", ""};
  samples.operation = "all_reduce";
  samples.algorithm = "auto";
  samples.topology = run.topology;
  samples.nodes = run.nodes;
  const GroupShape shape{.ranks_per_node = run.ranks / run.nodes, .nodes = run.nodes};
  Communicator model(cluster_of(node, run.nodes), shape);
  if (run.nodes > 1) model.never_below(model_of(node, shape.ranks_per_node));
  double bytes = 65536;
  for (int i = 0; i < run.sizes; ++i, bytes *= 8) {
    samples.ranks.push_back(run.ranks);
    samples.bytes.push_back(bytes);
    samples.median_s.push_back(run.slowness * model.time_s(Collective::all_reduce, bytes));
  }
  profile.collectives.push_back(samples);
  return profile;
}

std::string unused(const KernelProfile& profile, const ClusterTopology& cluster,
                   const std::vector<KernelProfile>& others = {}) {
  std::vector<KernelProfile> all{profile};
  all.insert(all.end(), others.begin(), others.end());
  return unused_because(measured_between_devices(all.front()).at(0), all, cluster);
}

constexpr auto kAllReduce = Collective::all_reduce;

}  // namespace

TEST_CASE("What was measured on one's own cluster answers under every name of its topology", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  for (const char* topology : {"nvswitch", "nvlink", "NVLink4", "peer", "unspecified", "nvswitch+efa"}) {
    INFO(topology);
    const KernelProfile mine = ran(node, {.topology = topology, .slowness = 3});
    const auto measured = measured_group({mine}, node, 8, kAllReduce);
    REQUIRE(measured);
    CHECK(measured->time_s(4e6) == Approx(3 * model_of(node, 8).time_s(kAllReduce, 4e6)).epsilon(0.02));
    CHECK(measured->source.kind == SourceKind::measured);
    CHECK(unused(mine, cluster_of(node)).empty());
  }
}

TEST_CASE("One's own measurement takes precedence over a published table", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  const std::vector<KernelProfile> both{timed("H100-SXM", "NVLink4", "nccl-tests-2.29.2", 1.0),
                                        ran(node, {.slowness = 3})};
  CHECK(measured_group(both, node, 8, kAllReduce)->source.citation == "nccl-2.27.3 (nccl-tests)");
  // For another number of ranks too: the table is not of this cluster.
  CHECK(measured_group(both, node, 4, kAllReduce)->source.citation ==
        "nccl-2.27.3 (nccl-tests), by the model from 8 devices");
}

TEST_CASE("For another number of ranks a measurement keeps its ratio to the model", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  const KernelProfile eight = ran(node, {.slowness = 3});
  const auto four = measured_group({eight}, node, 4, kAllReduce);
  REQUIRE(four);
  CHECK(four->time_s(4e8) == Approx(3 * model_of(node, 4).time_s(kAllReduce, 4e8)).epsilon(0.02));
  CHECK(four->source.kind == SourceKind::scaled);
  // Between two measured rank counts the ratio runs straight over log2(ranks).
  const KernelProfile two = ran(node, {.ranks = 2, .slowness = 1});
  const auto between = measured_group({eight, two}, node, 4, kAllReduce);
  CHECK(between->time_s(4e8) ==
        Approx(std::sqrt(3.0) * model_of(node, 4).time_s(kAllReduce, 4e8)).epsilon(0.02));
  CHECK(between->source.citation == "nccl-2.27.3 (nccl-tests), by the model from 2 devices and 8 devices");
}

TEST_CASE("What was measured over several nodes answers for groups across nodes", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  const ClusterTopology cluster = cluster_of(node, 4);
  const KernelProfile two_nodes =
      ran(node, {.topology = "nvswitch+efa", .nodes = 2, .ranks = 16, .slowness = 2});
  const auto time_s = [&](const GroupShape& shape) {
    return measured_group({two_nodes}, cluster, shape, kAllReduce)->time_s(1e8);
  };
  const auto model_s = [&](const GroupShape& shape) {
    Communicator model(cluster, shape);
    if (shape.ranks_per_node > 1) model.never_below(model_of(node, shape.ranks_per_node));
    return model.time_s(kAllReduce, 1e8);
  };
  for (const GroupShape& shape : {GroupShape{8, 2, 1, false}, GroupShape{8, 4, 1, false},
                                  GroupShape{1, 4, 8, false}, GroupShape{8, 4, 1, true}})
    CHECK(time_s(shape) == Approx(2 * model_s(shape)).epsilon(0.02));
  CHECK(measured_group({two_nodes}, cluster, {8, 4, 1, false}, kAllReduce)->source.figure ==
        "all_reduce among 32 devices on 4 nodes");
  // A node alone does not use the network.
  CHECK_FALSE(measured_group({two_nodes}, cluster, {8, 1, 1, false}, kAllReduce));
}

TEST_CASE("A measurement that no group can use is given its reason", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  const ClusterTopology one = cluster_of(node), two = cluster_of(node, 2);
  CHECK(unused(ran(node, {.topology = "pcie"}), one) == "its topology is pcie, but p5.48xlarge has nvswitch");
  CHECK(unused(ran(node, {.topology = "nvswich"}), one).find("did you mean \"nvswitch\"?") !=
        std::string::npos);
  CHECK(unused(ran(node, {.nodes = 2, .ranks = 16}), one) == "the cluster is one node");
  CHECK(unused(ran(node, {.nodes = 2, .ranks = 16}), two).empty());
  CHECK(unused(ran(node, {.topology = "infiniband", .nodes = 2, .ranks = 16}), two) ==
        "its topology is infiniband, but p5.48xlarge has efa_2");
  CHECK(unused(ran(node, {.sizes = 3}), one) ==
        "found 3 sizes, expected at least 4 to tell latency from bandwidth");
  CHECK(unused(ran(node, {}), cluster_of(node_named("p4d.24xlarge"))) ==
        "the devices of p4d.24xlarge are A100-SXM4-40GB");
  CHECK(unused(ran(node, {}), cluster_of(node_named("p5.4xlarge"))) ==
        "p5.4xlarge has one device, fewer than its ranks on a node");
  const KernelProfile newer = ran(node, {.library = "nccl-2.29.2"});
  CHECK(unused(ran(node, {}), one, {newer}) ==
        "another series over as many ranks takes precedence, nccl-2.29.2");
  CHECK(unused(newer, one, {ran(node, {})}).empty());
}

TEST_CASE("Ranks of one device say nothing of links", "[nccl]") {
  const NodeTopology node = node_named("p5.48xlarge");
  const KernelProfile streams = ran(node, {.topology = "virtual_ranks"});
  CHECK(measured_between_devices(streams).empty());
  CHECK_FALSE(measured_group({streams}, node, 8, kAllReduce));
}
