// Step times: how many configurations of a 96-layer transformer per second, and a large pipeline on the event
// engine.
#include <benchmark/benchmark.h>

#include "bench/nodes.h"
#include "models/kernels/profile_set.h"
#include "models/step/estimator.h"
#include "models/step/pipeline.h"
#include "models/workload/library.h"

namespace {

using namespace spotmix;

/// Every data × tensor × pipeline of 512 devices with several micro-batches, schedules and recomputations.
std::vector<models::Parallelism> configurations() {
  std::vector<models::Parallelism> all;
  for (const int tensor : {1, 2, 4, 8}) {
    for (const int pipeline : {1, 2, 4, 8, 16, 32}) {
      for (const int micro_batch : {1, 2, 4}) {
        for (const auto recompute :
             {models::Recompute::none, models::Recompute::selective, models::Recompute::full}) {
          for (const auto schedule :
               {models::PipelineSchedule::gpipe, models::PipelineSchedule::one_forward_one_backward}) {
            all.push_back({.data = 512 / tensor / pipeline,
                           .tensor = tensor,
                           .pipeline = pipeline,
                           .micro_batch = micro_batch,
                           .schedule = schedule,
                           .recompute = recompute,
                           .sequence_parallel = tensor > 1});
          }
        }
      }
    }
  }
  return all;
}

void transformer96(benchmark::State& state) {
  const auto profiles = models::load_profiles(SPOTMIX_SOURCE_DIR "/models/kernels/profiles");
  models::StepEstimator estimator({.workload = models::find_workload("gpt3-175b").value(),
                                   .precision = models::Precision::bf16,
                                   .optimizer = models::Optimizer::adam,
                                   .software = models::software_of("megatron"),
                                   .cluster = {.groups = {bench::instances_of("p4de.24xlarge", 64)}},
                                   .profiles = &profiles,
                                   .check_memory = false});
  const std::vector<models::Parallelism> all = configurations();
  std::size_t done = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(estimator.step(all[done % all.size()], 1536).time_s);
    ++done;
  }
  state.counters["configurations_per_s"] =
      benchmark::Counter(static_cast<double>(done), benchmark::Counter::kIsRate);
}
BENCHMARK(transformer96)->Name("step/transformer96");

/// 512 devices as 16 equal pipelines of 32 uneven stages; the pipelines are alike, so one is run.
void pipeline_512x32(benchmark::State& state) {
  models::PipelineWork work{.devices = 32, .micro_batches = 512};
  work.transfers.assign(31, StepDuration{40'000'000});
  for (int stage = 0; stage < work.devices; ++stage) {
    work.pieces.push_back(
        {StepDuration{1'000'000'000 + 7'000'000 * (stage % 5)}, StepDuration{2'000'000'000}});
  }
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(models::run_pipeline(work).length);
}
BENCHMARK(pipeline_512x32)->Name("step/pipeline_512x32")->Unit(benchmark::kMillisecond);

}  // namespace
