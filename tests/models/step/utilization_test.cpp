// Utilization against the definition: FLOP per second over the peak of the devices.
#include "models/step/utilization.h"

#include <catch2/catch.hpp>

#include "models/hardware/device.h"
#include "models/workload/library.h"

using namespace spotmix::models;

namespace {

/// Eight V100 in one instance train BERT-large.
StepInput bert_on_eight(Recompute recompute) {
  StepInput input;
  input.workload = find_workload("bert-large", {.sequence_length = 128}).value();
  input.precision = Precision::fp16;
  input.global_batch = 64;
  input.cluster.groups = {{.node = {.device = "V100-SXM2-16GB", .devices = 8}}};
  input.parallelism = Parallelism{.data = 8, .recompute = recompute};
  return input;
}

Utilization used(Recompute recompute) {
  const StepInput input = bert_on_eight(recompute);
  const StepBreakdown step = step_time(input);
  REQUIRE(step.feasible());
  return utilization_of(input, step);
}

}  // namespace

TEST_CASE("MFU is the model's FLOP per second over the peak of all devices") {
  const StepInput input = bert_on_eight(Recompute::none);
  const StepBreakdown step = step_time(input);
  const Utilization utilization = utilization_of(input, step);
  const double peak = find_device("V100-SXM2-16GB")->peak(Precision::fp16).value();
  const double flop_per_s = training_flop(input.workload) * step.samples_per_s;
  CHECK(utilization.of_model == Approx(flop_per_s / (8 * peak)));
  CHECK(utilization.model_flop_per_s_per_device == Approx(flop_per_s / 8));
  CHECK(utilization.of_hardware == utilization.of_model);
}

TEST_CASE("Full recomputation adds a third of the FLOP of the layers that it covers to HFU") {
  const Utilization full = used(Recompute::full);
  const Utilization selective = used(Recompute::selective);
  CHECK(full.of_hardware / full.of_model > 1.25);
  CHECK(full.of_hardware / full.of_model < 4.0 / 3);
  CHECK(selective.of_hardware > selective.of_model);
  CHECK(selective.of_hardware / selective.of_model < 1.1);
}
