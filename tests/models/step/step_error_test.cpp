#include "models/step/step_error.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "models/workload/library.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix;
using namespace spotmix::models;

namespace {

/// Half of it products, known to 10 %; a quarter each memory-bound work and waiting for all-reduce, of which
/// nothing is known.
StepBreakdown half_products() {
  StepBreakdown step;
  step.time_s = 2;
  step.compute_s = 1.5;
  step.compute = {.products_s = 1, .memory_s = 0.5};
  step.exposed_communication_s = 0.5;
  step.sources = {{"matrix products", SourceKind::published, "a device", "a table", 0.1},
                  {"memory-bound work", SourceKind::published, "a device", "a data sheet", {}},
                  {"collectives inside an instance", SourceKind::published, "a node", "a fit", {}}};
  return step;
}

/// ResNet-50 on devices of one kind, side by side in one node.
StepBreakdown step_on(const char* device, int devices) {
  const StepInput input{.workload = find_workload("resnet50").value(),
                        .precision = Precision::fp16,
                        .global_batch = 64 * devices,
                        .cluster = {.groups = {{.node = {.device = device, .devices = devices}}}},
                        .profiles = &tests::shipped()};
  StepBreakdown step = step_time(input);
  REQUIRE(step.feasible());
  return step;
}

}  // namespace

TEST_CASE("The deviation of a median error is that of the normal distribution with these quartiles") {
  CHECK(sigma_of_error(0) == 0);
  CHECK(sigma_of_error(0.3) == Approx(std::log(1.3) / 0.6745));
}

TEST_CASE("Errors of a step weigh by their share of it and what is unknown counts as 30 percent") {
  const StepError error = step_error(half_products());
  const double squares = 0.5 * 0.01 + 0.25 * 0.09 + 0.25 * 0.09;
  CHECK(error.sigma == Approx(std::log1p(std::sqrt(squares)) / 0.6745));
  REQUIRE(error.by_cause.size() == 3);
  CHECK(error.by_cause[0].source == "memory-bound work");
  CHECK(error.by_cause[0].share == Approx(0.0225 / squares));
  CHECK(error.by_cause[2].source == "matrix products");
  CHECK(error.by_cause[2].share == Approx(0.005 / squares));
}

TEST_CASE("Waiting for other stages is as uncertain as what they compute") {
  StepBreakdown step = half_products();
  step.exposed_communication_s = 0;
  step.bubble_s = 0.5;
  const double squares = 2.0 / 3 * 0.01 + 1.0 / 3 * 0.09;
  CHECK(step_error(step).sigma == Approx(std::log1p(std::sqrt(squares)) / 0.6745));
}

TEST_CASE("A step without error in any source has none") {
  StepBreakdown step = half_products();
  for (Source& source : step.sources) source.error = 0;
  CHECK(step_error(step) == StepError{});
}

TEST_CASE("The parts of computing add up to all of it on one device") {
  const StepBreakdown step = step_on("A100-SXM4-80GB", 1);
  CHECK(step.compute.total_s() == Approx(step.compute_s));
  CHECK(step.compute.products_s > 0);
  CHECK(step.compute.memory_s > 0);
}

TEST_CASE(
    "A step on a device whose products are scaled from another is less certain than one on that other") {
  const StepError scaled = step_error(step_on("L4", 1));
  const StepError sampled = step_error(step_on("A100-SXM4-80GB", 1));
  CHECK(scaled.sigma > 1.5 * sampled.sigma);
  CHECK(scaled.by_cause.front().source == "matrix products");
  double sum = 0;
  for (const StepError::Cause& cause : step_error(step_on("V100-SXM2-16GB", 8)).by_cause) sum += cause.share;
  CHECK(sum == Approx(1));
}
