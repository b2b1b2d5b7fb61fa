// One step as spans on rows: nothing overlaps that cannot, and the last span ends when the step does.
#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/step/overlap.h"
#include "models/step/pipeline.h"
#include "models/step/step.h"
#include "models/workload/library.h"
#include "tests/models/step/step_seconds.h"

using namespace spotmix;
using models::Parallelism;
using tests::seconds_of;

namespace {

models::StepInput gpt(int instances) {
  return {.workload = models::find_workload("gpt3-1.3b").value(),
          .precision = models::Precision::bf16,
          .global_batch = 64,
          .optimizer = models::Optimizer::adam,
          .cluster = {.groups = {bench::instances_of("p4de.24xlarge", instances)}},
          .check_memory = false};
}

double end_of(const std::vector<models::Span>& spans) {
  double end_s = 0;
  for (const models::Span& span : spans) end_s = std::max(end_s, seconds_of(span.start + span.length));
  return end_s;
}

}  // namespace

TEST_CASE("The timeline of a step ends when the step does however it is divided") {
  const std::vector<Parallelism> ways{
      {.data = 8},
      {.data = 8, .sharding = models::Sharding::parameters},
      {.data = 2, .tensor = 4, .sequence_parallel = true},
      {.data = 2, .pipeline = 4, .micro_batch = 2},
      {.data = 1, .tensor = 2, .pipeline = 4, .micro_batch = 2},
      {.data = 2,
       .pipeline = 4,
       .micro_batch = 2,
       .chunks = 2,
       .schedule = models::PipelineSchedule::interleaved},
      {.data = 8, .gradient_sync = models::GradientSync::parameter_server},
  };
  for (const double jitter : {0.0, 0.02}) {
    for (const Parallelism& way : ways) {
      INFO("data " << way.data << " tensor " << way.tensor << " pipeline " << way.pipeline);
      models::StepInput input = gpt(1);
      input.parallelism = way;
      input.jitter = jitter;
      std::vector<models::Span> spans;
      const models::StepBreakdown step = models::step_time(input, &spans);
      REQUIRE(step.feasible());
      CHECK(end_of(spans) == Approx(step.time_s).epsilon(1e-6));
      // Drawing changes nothing.
      CHECK(models::step_time(input).time_s == Approx(step.time_s).epsilon(1e-9));
      for (const models::Span& span : spans) {
        CHECK(span.start.count() >= 0);
        CHECK(span.length.count() >= 0);
      }
    }
  }
}

TEST_CASE("Each stage is a row of devices and one of links with micro-batches and layers and collectives") {
  models::StepInput input = gpt(1);
  input.parallelism = Parallelism{.data = 2, .tensor = 2, .pipeline = 2, .micro_batch = 4};
  std::vector<models::Span> spans;
  models::step_time(input, &spans);
  std::map<std::string, std::map<std::string, int>> rows;
  for (const models::Span& span : spans) ++rows[span.row][span.name];
  CHECK(rows.size() == 4);
  CHECK(rows["stage 1: devices 4–7"]["forward 7"] == 1);
  CHECK(rows["stage 1: devices 4–7"]["backward 7"] == 1);
  CHECK(rows["stage 1: devices 4–7"]["update"] == 1);
  CHECK(rows["stage 0: devices 0–3"]["transformer"] == 2 * 8 * 12);
  CHECK(rows["stage 0: devices 0–3: links"]["collectives of transformer"] == 2 * 8 * 12);
  CHECK(rows["stage 0: devices 0–3: links"]["activations to stage 1"] == 8);
  CHECK(rows["stage 1: devices 4–7: links"]["gradients to stage 0"] == 8);
}

TEST_CASE("Buckets one by one end when the exchange does") {
  const std::vector<models::BucketRun> buckets{{3, 0.1, 0.2, 1e6}, {1, 0.75, 0, 4e6}};
  const auto bucket_s = [](double bytes) { return 0.05 + bytes * 1e-7; };
  const auto times = models::bucket_times(buckets, bucket_s);
  REQUIRE(times.size() == 4);
  CHECK(times.back().start_s + times.back().length_s == Approx(models::exchange(buckets, bucket_s).end_s));
  for (std::size_t i = 1; i < times.size(); ++i)
    CHECK(times[i].start_s >= times[i - 1].start_s + times[i - 1].length_s - 1e-12);
}

TEST_CASE("A long pipeline's rounds are repeated as if every one had been run") {
  models::PipelineWork work{.devices = 4, .micro_batches = 10'000};
  work.transfers = {StepDuration{30}, StepDuration{500}, StepDuration{20}};
  for (const int forward : {1000, 1300, 900, 1100})
    work.pieces.push_back({StepDuration{forward}, StepDuration{2 * forward}});
  const models::PipelineRun run = models::run_pipeline(work), prolonged = models::pipeline_time(work);
  CHECK(prolonged.length == run.length);
  CHECK(prolonged.busy == run.busy);
  CHECK(prolonged.sending == run.sending);
}
