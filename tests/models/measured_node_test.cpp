#include "models/collectives/measured_node.h"

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
  for (double bytes = 1024; bytes < 1e9; bytes *= 4) {
    samples.ranks.push_back(8);
    samples.bytes.push_back(bytes);
    samples.median_s.push_back(slowness * (20e-6 + bytes / 150e9));
  }
  profile.collectives.push_back(samples);
  return profile;
}

Communicator model_of(const NodeTopology& node, int ranks) {
  return {{node, 1, std::nullopt, 0}, {ranks, 1, 1, false}};
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
