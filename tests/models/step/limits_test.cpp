// What no step may pass, over random steps of a transformer: what the links carry, more bandwidth, sharding.
#include <random>

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/kernels/profile_set.h"
#include "models/step/estimator.h"
#include "models/step/step.h"
#include "models/workload/library.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix;
using models::Parallelism;
using spotmix::tests::shipped;

namespace {

models::StepInput gpt_on(const std::string& instance, int instances) {
  return {.workload = models::find_workload("gpt3-6.7b").value(),
          .precision = models::Precision::bf16,
          .global_batch = 64 * instances,
          .optimizer = models::Optimizer::adam,
          .cluster = {.groups = {bench::instances_of(instance, instances)}},
          .profiles = &shipped(),
          .check_memory = false};
}

Parallelism random_parallelism(std::mt19937& random, int devices) {
  Parallelism p;
  p.tensor = 1 << random() % 4;
  p.pipeline = 1 << random() % 3;
  p.data = devices / p.tensor / p.pipeline;
  p.micro_batch = 1 << random() % 4;
  p.recompute = static_cast<models::Recompute>(random() % 3);
  p.sharding = static_cast<models::Sharding>(random() % 4);
  p.sequence_parallel = random() % 2 == 1;
  return p;
}

}  // namespace

TEST_CASE("Gradients are never exchanged faster than the adapters carry them") {
  for (const char* instance : {"p3dn.24xlarge", "p4de.24xlarge", "p5.48xlarge", "g6e.48xlarge"}) {
    INFO(instance);
    for (const int instances : {2, 3, 8}) {
      const models::StepInput input = gpt_on(instance, instances);
      const models::StepBreakdown step = models::step_time(input);
      REQUIRE(step.feasible());
      const double gradient_bytes = 2 * models::parameters(input.workload);
      const double carried = 2.0 * (instances - 1) / instances * gradient_bytes;
      CHECK(step.communication_s >= carried / bench::node_named(instance).network_bytes_per_s);
    }
  }
}

TEST_CASE("More bandwidth inside or between instances is never slower however a step is divided") {
  std::mt19937 random(11);
  const models::NodeTopology node = bench::node_named("p4de.24xlarge");
  const auto with = [&](double inside, double between) {
    models::StepInput input = gpt_on("p4de.24xlarge", 4);
    input.cluster.groups[0].node.intra_bytes_per_s = inside;
    input.cluster.groups[0].node.network_bytes_per_s = between;
    return input;
  };
  const double links = node.device->nvlink_links * node.link_bytes_per_s;
  for (int i = 0; i < 60; ++i) {
    const Parallelism p = random_parallelism(random, 32);
    double last = 1e9;
    for (const double share : {0.1, 0.5, 0.9, 1.0}) {
      const models::StepInput input = with(share * links, 50e9);
      const models::StepBreakdown step = models::StepEstimator(input).step(p, input.global_batch);
      if (!step.feasible()) break;
      CHECK(step.time_s <= last * (1 + 1e-9));
      last = step.time_s;
    }
    last = 1e9;
    for (const double between : {1e9, 10e9, 50e9, 200e9}) {
      const models::StepInput input = with(0, between);
      const models::StepBreakdown step = models::StepEstimator(input).step(p, input.global_batch);
      if (!step.feasible()) break;
      CHECK(step.time_s <= last * (1 + 1e-9));
      last = step.time_s;
    }
  }
}

TEST_CASE("Each stage of sharding leaves as many bytes per parameter as its formula says") {
  const models::StepInput input = gpt_on("p4de.24xlarge", 4);
  models::StepEstimator estimator(input);
  const double parameters = models::parameters(input.workload);
  const double d = 32;
  const auto bytes = [&](models::Sharding sharding) {
    const models::StepBreakdown step =
        estimator.step({.data = 32, .micro_batch = 1, .sharding = sharding}, input.global_batch);
    REQUIRE(step.feasible());
    return step.memory.parameters_bytes + step.memory.gradients_bytes + step.memory.optimizer_bytes;
  };
  CHECK(bytes(models::Sharding::none) == Approx(16 * parameters));
  CHECK(bytes(models::Sharding::optimizer) == Approx((4 + 12 / d) * parameters));
  CHECK(bytes(models::Sharding::gradients) == Approx((2 + 14 / d) * parameters));
  CHECK(bytes(models::Sharding::parameters) == Approx(16 / d * parameters));
}

TEST_CASE("What the host adds to a micro-batch is paid by the last stage alone") {
  models::StepInput input = gpt_on("p4de.24xlarge", 1);
  const auto step_s = [&](double micro_batch_s, int pipeline) {
    input.software.micro_batch_s = micro_batch_s;
    const Parallelism p{.data = 8 / pipeline, .pipeline = pipeline, .micro_batch = 1};
    return models::StepEstimator(input).step(p, input.global_batch).time_s;
  };
  // One stage: once for each of the 8 micro-batches. More stages: no more than once for each slot.
  CHECK(step_s(1.0, 1) - step_s(0.0, 1) == Approx(8.0));
  CHECK(step_s(1.0, 2) - step_s(0.0, 2) <= 17.0);
  CHECK(step_s(1.0, 2) - step_s(0.0, 2) >= 16.0 - step_s(0.0, 2));
}

TEST_CASE("Summing gradients inside the products spares three passes over them in each micro-batch") {
  models::StepInput input = gpt_on("p4de.24xlarge", 1);
  input.software = models::software_of("eager");
  input.parallelism = Parallelism{.data = 1, .tensor = 8, .micro_batch = 8};
  const models::StepBreakdown beside = models::step_time(input);
  input.software.fused_accumulation = true;
  const models::StepBreakdown inside = models::step_time(input);
  const double micro_batches = input.global_batch / 8.0;
  const double gradients_bytes = 2 * models::parameters(input.workload) / 8;
  const double bytes_per_s = models::find_device("A100-SXM4-80GB")->memory_bytes_per_s;
  const double spared_s = beside.time_s - inside.time_s;
  CHECK(spared_s > 3 * micro_batches * gradients_bytes / bytes_per_s);
  CHECK(spared_s < 1.3 * 3 * micro_batches * gradients_bytes / bytes_per_s);
}

TEST_CASE("Experts exchange gradients like other parameters but only among the ranks that hold the same") {
  models::StepInput input = gpt_on("p4de.24xlarge", 2);
  input.workload = models::find_workload("mixtral-8x7b").value();
  const auto step = [&](int expert, models::Sharding sharding) {
    input.parallelism = Parallelism{.data = 16, .expert = expert, .micro_batch = 1, .sharding = sharding};
    return models::step_time(input);
  };
  const double all_bytes = 2 * models::parameters(input.workload);
  const double rate = bench::node_named("p4de.24xlarge").network_bytes_per_s;
  const models::StepBreakdown copied = step(1, models::Sharding::none);
  CHECK(copied.communication.gradients_s > all_bytes / rate);  // half of it each way, twice
  CHECK(step(1, models::Sharding::parameters).communication.weights_s > 1.5 * all_bytes / rate);
  // Eight ranks of a node share the experts: as much crosses the network as before, between the two nodes.
  CHECK(step(8, models::Sharding::none).communication.gradients_s ==
        Approx(copied.communication.gradients_s).epsilon(0.05));
  // All sixteen cannot share eight experts, but eight of one node hold nothing twice.
  input = gpt_on("p4de.24xlarge", 1);
  input.workload = models::find_workload("mixtral-8x7b").value();
  input.parallelism = Parallelism{.data = 8, .expert = 8, .micro_batch = 1};
  const double dense_s = models::step_time(input).communication.gradients_s;
  input.parallelism->expert = 1;
  CHECK(dense_s < 0.1 * models::step_time(input).communication.gradients_s);
}

TEST_CASE("Ranks that copy lookup tables exchange the rows they met and ranks that share them do not") {
  models::StepInput input = gpt_on("p4de.24xlarge", 1);
  input.workload = models::find_workload("dlrm").value();
  input.global_batch = 65536;
  const auto gradients_s = [&](int expert) {
    input.parallelism = Parallelism{.data = 8, .expert = expert};
    return models::step_time(input).communication.gradients_s;
  };
  const double rows_bytes = 4.0 * 65536 * 26 * 128;
  const double link_bytes_per_s = 300e9;  // twelve NVLinks of 25 GB/s
  CHECK(gradients_s(1) - gradients_s(8) > rows_bytes * 7 / 8 / link_bytes_per_s);
  CHECK(gradients_s(2) - gradients_s(8) > 0);
  CHECK(gradients_s(2) < gradients_s(1));
}
