#include "bench/accuracy/phased_training.h"

#include <catch2/catch.hpp>

#include "models/workload/library.h"

using namespace spotmix;
using namespace spotmix::accuracy;

namespace {

models::Workload at(int image_size) {
  return models::find_workload("resnet50", {.image_size = image_size}).value();
}

models::StepInput on_one_instance() {
  return {.workload = at(224),
          .precision = models::Precision::fp16,
          .global_batch = 1024,
          .cluster = {
              .groups = {{.node = {.device = "V100-SXM2-16GB", .devices = 8, .network_bytes_per_s = 25e9 / 8},
                          .instances = 1}}}};
}

}  // namespace

TEST_CASE("Phases of small images train faster than the last phase alone") {
  models::StepInput input = on_one_instance();
  const PhasedTraining grown = phased_training(input, {{at(128), 1024, 1e6}, {at(224), 1024, 1e6}});
  REQUIRE(grown.infeasible_reason.empty());
  const PhasedTraining large = phased_training(input, {{at(224), 1024, 2e6}});
  CHECK(grown.time_s < large.time_s);
  CHECK(grown.steps[0].time_s < grown.steps[1].time_s);
  CHECK(
      phased_training(input, {{at(224), 1024, 1e6}, {at(224), 4, 1e6}}).infeasible_reason.find("phase 2: ") ==
      0);
}

TEST_CASE(
    "Evaluations take less than training on as many samples and every new size of images costs a start") {
  models::StepInput input = on_one_instance();
  const TrainingPhase plain{at(224), 1024, 1e6};
  TrainingPhase evaluated = plain;
  evaluated.evaluations = 10;
  evaluated.evaluation_samples = 1e5;
  const double plain_s = phased_training(input, {plain}).time_s;
  const double evaluations_s = phased_training(input, {evaluated}).time_s - plain_s;
  CHECK(evaluations_s > 0.2 * plain_s);
  CHECK(evaluations_s < 0.5 * plain_s);
  input.software.phase_start_s = 10;
  CHECK(phased_training(input, {plain, plain}).time_s == Approx(2 * plain_s + 10));
  const double small_s = phased_training(input, {{at(128), 1024, 1e6}}).time_s;
  CHECK(phased_training(input, {{at(128), 1024, 1e6}, plain}).time_s == Approx(small_s + plain_s + 10));
}
