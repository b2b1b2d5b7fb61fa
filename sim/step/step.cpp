#include "sim/step/step.h"

#include "sim/step/cluster.h"
#include "sim/step/estimator.h"
#include "sim/step/proportional.h"

namespace spotmix::sim {

StepBreakdown step_time(const StepInput& input, std::vector<Span>* spans) {
  if (input.proportional_shares && !input.parallelism && cluster_problem(input.cluster).empty() &&
      input.global_batch >= device_count(input.cluster)) {
    return proportional_step(input);
  }
  StepEstimator estimator(input);
  models::Parallelism parallelism = input.parallelism.value_or(models::Parallelism{});
  if (!input.parallelism && cluster_problem(input.cluster).empty())
    parallelism.data = device_count(input.cluster);
  StepBreakdown step = estimator.step(parallelism, input.global_batch, spans);
  step.sources = estimator.sources();
  return step;
}

}  // namespace spotmix::sim
