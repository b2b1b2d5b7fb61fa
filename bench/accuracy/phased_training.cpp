#include "bench/accuracy/phased_training.h"

#include <cmath>

#include "models/step/estimator.h"
#include "models/step/phases.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

/// Of one global batch, forward alone.
double forward_s(const StepInput& input, const StepBreakdown& step) {
  StepEstimator estimator(input);
  double micro_batch_s = 0;
  for (const LayerTiming& layer : estimator.layer_timings(step.parallelism, input.global_batch))
    micro_batch_s += layer.repeat * layer.forward_s;
  return micro_batch_s * micro_batches(step.parallelism, input.global_batch);
}

bool same_inputs(const Workload& a, const Workload& b) {
  return a.name == b.name && a.image_size == b.image_size && a.sequence_length == b.sequence_length;
}

}  // namespace

PhasedTraining phased_training(const StepInput& input, const std::vector<TrainingPhase>& phases) {
  PhasedTraining training;
  std::vector<PhaseTime> times;
  const TrainingPhase* before = nullptr;
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
    times.push_back({step.time_s, phase.global_batch, phase.samples});
    if (phase.evaluations > 0) {
      const double batches = std::ceil(phase.evaluation_samples / phase.global_batch);
      training.time_s += phase.evaluations * batches * forward_s(one, step);
    }
    if (before == nullptr || !same_inputs(before->workload, phase.workload))
      training.time_s += input.software.phase_start_s;
    before = &phase;
  }
  const PhaseSum sum = sum_of_phases(times);
  training.time_s += sum.time_s;
  if (training.time_s > 0) training.samples_per_s = sum.samples / training.time_s;
  return training;
}

}  // namespace spotmix::accuracy
