// What a cluster of several nodes, or of several kinds of them, makes of a step.
#include "models/step/cluster.h"

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/step/step.h"
#include "models/workload/library.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix;
using spotmix::tests::shipped;

TEST_CASE("Asynchronous workers of different speed add up their rates") {
  models::StepInput input{.workload = models::find_workload("resnet50").value(),
                          .precision = models::Precision::fp16,
                          .profiles = &shipped(),
                          .check_memory = false};
  const models::InstanceGroup fast = bench::instances_of("p3.16xlarge", 1);
  const models::InstanceGroup slow = bench::instances_of("g4dn.metal", 1);
  const auto step = [&](std::vector<models::InstanceGroup> groups, bool asynchronous) {
    input.cluster.groups = std::move(groups);
    input.global_batch = 384 * models::device_count(input.cluster);
    input.parallelism = models::Parallelism{.data = models::device_count(input.cluster),
                                            .gradient_sync = models::GradientSync::parameter_server,
                                            .servers = 2,
                                            .asynchronous = asynchronous};
    return models::step_time(input);
  };
  const models::StepBreakdown apart = step({fast, slow}, true), together = step({fast, slow}, false);
  CHECK(apart.samples_per_s > 1.2 * together.samples_per_s);
  // Two kinds that are the same kind run as fast apart as together.
  CHECK(step({fast, fast}, true).samples_per_s == Approx(step({fast, fast}, false).samples_per_s));
  CHECK(apart.time_s == Approx(apart.compute_s + apart.exposed_communication_s + apart.bubble_s));
}

TEST_CASE("Averaging every k steps waits for stragglers by 1/√k as long") {
  models::StepInput input{.workload = models::find_workload("resnet50").value(),
                          .precision = models::Precision::fp16,
                          .global_batch = 64 * 32,
                          .cluster = {.groups = {bench::instances_of("p3.16xlarge", 4)}},
                          .profiles = &shipped(),
                          .check_memory = false};
  const auto wait_s = [&](int every) {
    input.parallelism = models::Parallelism{
        .data = 32, .gradient_sync = models::GradientSync::periodic_average, .average_every = every};
    input.jitter = 0;
    const double steady_s = models::step_time(input).time_s;
    input.jitter = 0.1;
    return models::step_time(input).time_s - steady_s;
  };
  CHECK(wait_s(100) == Approx(wait_s(1) / 10));
}

TEST_CASE("Nodes whose inside is slow exchange no faster when there are more of them") {
  for (const char* instance : {"g6e.48xlarge", "g5.48xlarge", "g4dn.metal", "p2.16xlarge"}) {
    INFO(instance);
    const auto gradients_s = [&](int instances) {
      const models::StepInput input{.workload = models::find_workload("vgg16").value(),
                                    .precision = models::Precision::fp32,
                                    .global_batch = 16 * 16 * instances,
                                    .cluster = {.groups = {bench::instances_of(instance, instances)}},
                                    .profiles = &shipped(),
                                    .check_memory = false};
      return models::step_time(input).communication.gradients_s;
    };
    CHECK(gradients_s(2) >= gradients_s(1));
    CHECK(gradients_s(16) >= gradients_s(2));
  }
}

TEST_CASE("A mixed cluster has the slowest links of its nodes inside and between them") {
  const auto gradients_s = [&](std::vector<models::InstanceGroup> groups) {
    const models::StepInput input{.workload = models::find_workload("resnet50").value(),
                                  .precision = models::Precision::fp16,
                                  .global_batch = 64 * 16,
                                  .cluster = {.groups = std::move(groups)},
                                  .profiles = &shipped(),
                                  .check_memory = false};
    return models::step_time(input).communication.gradients_s;
  };
  const models::InstanceGroup mesh = bench::instances_of("p3.16xlarge", 1);
  const models::InstanceGroup slots = bench::instances_of("g4dn.metal", 1);
  CHECK(gradients_s({mesh, slots}) >= gradients_s({slots}));
  CHECK(gradients_s({slots, mesh}) == gradients_s({mesh, slots}));
}
