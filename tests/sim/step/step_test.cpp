#include "sim/step/step.h"

#include <catch2/catch.hpp>

#include "models/workload/library.h"

using namespace spotmix;

namespace {

sim::StepInput resnet_on_v100(int instances) {
  return {.workload = models::find_workload("resnet50").value(),
          .precision = models::Precision::fp16,
          .global_batch = 256 * 8 * instances,
          .cluster = {.groups = {{.device = "V100-SXM2-16GB",
                                  .devices_per_instance = 8,
                                  .instances = instances,
                                  .intra_bytes_per_s = 150e9,
                                  .inter_bytes_per_s = 25e9 / 8}}}};
}

}  // namespace

TEST_CASE("One device has no communication") {
  sim::StepInput input = resnet_on_v100(1);
  input.cluster.groups[0].devices_per_instance = 1;
  const sim::StepBreakdown step = sim::step_time(input);
  REQUIRE(step.feasible());
  CHECK(step.communication_s == 0);
  CHECK(step.time_s == Approx(step.compute_s));
}

TEST_CASE("A step is never faster than its FLOP at the device's peak") {
  const sim::StepInput input = resnet_on_v100(2);
  const sim::StepBreakdown step = sim::step_time(input);
  const double flop_per_device = models::training_flop(input.workload) * 256;
  CHECK(step.time_s >=
        flop_per_device / models::find_device("V100-SXM2-16GB")->peak(models::Precision::fp16).value());
}

TEST_CASE("More bandwidth is never slower, and the parts add up") {
  double last = 1e9;
  for (const double gbit : {1.0, 5.0, 10.0, 25.0, 100.0, 400.0}) {
    sim::StepInput input = resnet_on_v100(4);
    input.cluster.groups[0].inter_bytes_per_s = gbit * 1e9 / 8;
    const sim::StepBreakdown step = sim::step_time(input);
    REQUIRE(step.feasible());
    CHECK(step.time_s <= last);
    CHECK(step.time_s == Approx(step.compute_s + step.exposed_communication_s + step.bubble_s));
    CHECK(step.exposed_communication_s <= step.communication_s);
    last = step.time_s;
  }
}

TEST_CASE("A slower device among fast ones sets the pace of equal shares") {
  sim::StepInput input = resnet_on_v100(2);
  input.cluster.groups.push_back({"K80", 8, 2, 10e9, 25e9 / 8});
  sim::StepInput only_slow = input;
  only_slow.cluster.groups[0] = only_slow.cluster.groups[1];
  CHECK(sim::step_time(input).compute_s == Approx(sim::step_time(only_slow).compute_s));
}

TEST_CASE("What cannot run says why") {
  sim::StepInput input = resnet_on_v100(1);
  input.cluster.groups[0].device = "V100-SXM2-16BG";
  CHECK(sim::step_time(input).infeasible_reason ==
        "no device 'V100-SXM2-16BG'; the nearest is 'V100-SXM2-16GB'");
  input = resnet_on_v100(1);
  input.global_batch = 4;
  CHECK(sim::step_time(input).infeasible_reason ==
        "a global batch of 4 leaves some of the 8 data-parallel ranks without a sample");
}
