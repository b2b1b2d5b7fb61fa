#include "sim/step/phases.h"

#include <cmath>

namespace spotmix::sim {

PhasedTraining phased_training(const StepInput& input, const std::vector<TrainingPhase>& phases) {
  PhasedTraining training;
  double samples = 0;
  for (const TrainingPhase& phase : phases) {
    StepInput one = input;
    one.workload = phase.workload;
    one.global_batch = phase.global_batch;
    training.steps.push_back(step_time(one));
    const StepBreakdown& step = training.steps.back();
    if (!step.feasible()) {
      training.infeasible_reason =
          "phase " + std::to_string(training.steps.size()) + ": " + step.infeasible_reason;
      return training;
    }
    training.time_s += std::ceil(phase.samples / phase.global_batch) * step.time_s;
    samples += phase.samples;
  }
  if (training.time_s > 0) training.samples_per_s = samples / training.time_s;
  return training;
}

}  // namespace spotmix::sim
