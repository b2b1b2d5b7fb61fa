#include "models/step/step.h"

#include "models/step/asynchronous.h"
#include "models/step/cluster.h"
#include "models/step/estimator.h"
#include "models/step/proportional.h"

namespace spotmix::models {

namespace {

Parallelism parallelism_of(const StepInput& input) {
  if (input.parallelism) return *input.parallelism;
  Parallelism parallelism;
  if (cluster_problem(input.cluster).empty()) parallelism.data = device_count(input.cluster);
  return parallelism;
}

}  // namespace

std::vector<LayerTiming> layer_timings(const StepInput& input) {
  return StepEstimator(input).layer_timings(parallelism_of(input), input.global_batch);
}

StepBreakdown step_time(const StepInput& input, std::vector<Span>* spans) {
  if (input.proportional_shares && !input.parallelism && cluster_problem(input.cluster).empty() &&
      input.global_batch >= device_count(input.cluster)) {
    return proportional_step(input, spans);
  }
  if (mixed_workers_run_apart(input)) return asynchronous_step(input, spans);
  StepEstimator estimator(input);
  const Parallelism parallelism = parallelism_of(input);
  StepBreakdown step = estimator.step(parallelism, input.global_batch, spans);
  step.sources = estimator.sources();
  return step;
}

}  // namespace spotmix::models
