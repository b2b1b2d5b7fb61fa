#include "models/step/asynchronous.h"

#include "models/step/cluster.h"
#include "models/step/estimator.h"

namespace spotmix::models {
namespace {

void add_weighted(StepBreakdown& sum, const StepBreakdown& step, double weight) {
  sum.time_s += weight * step.time_s;
  sum.compute_s += weight * step.compute_s;
  sum.compute.add(step.compute, weight);
  sum.communication_s += weight * step.communication_s;
  sum.exposed_communication_s += weight * step.exposed_communication_s;
  sum.bubble_s += weight * step.bubble_s;
  sum.communication.in_layers_s += weight * step.communication.in_layers_s;
  sum.communication.weights_s += weight * step.communication.weights_s;
  sum.communication.between_stages_s += weight * step.communication.between_stages_s;
  sum.communication.gradients_s += weight * step.communication.gradients_s;
  sum.communication.tied_embeddings_s += weight * step.communication.tied_embeddings_s;
}

}  // namespace

bool mixed_workers_run_apart(const StepInput& input) {
  return input.parallelism && input.parallelism->gradient_sync == GradientSync::parameter_server &&
         input.parallelism->asynchronous && input.cluster.groups.size() > 1 &&
         cluster_problem(input.cluster).empty();
}

StepBreakdown asynchronous_step(const StepInput& input, std::vector<Span>* spans) {
  const double devices = device_count(input.cluster);
  std::vector<StepBreakdown> steps;
  std::vector<double> rates;  // samples per second
  std::vector<Source> sources;
  std::size_t slowest = 0, fullest = 0;
  for (const InstanceGroup& group : input.cluster.groups) {
    StepEstimator estimator(input, &group);
    steps.push_back(estimator.step(*input.parallelism, input.global_batch));
    const StepBreakdown& step = steps.back();
    if (!step.feasible()) return step;
    for (const Source& source : estimator.sources()) add_source(sources, source);
    const double share = node_of(group).devices * group.instances / devices;
    rates.push_back(share * input.global_batch / step.time_s);
    if (step.time_s > steps[slowest].time_s) slowest = steps.size() - 1;
    if (step.memory.total_bytes() > steps[fullest].memory.total_bytes()) fullest = steps.size() - 1;
  }
  double rate = 0;
  for (const double each : rates) rate += each;
  StepBreakdown mean = steps[fullest];
  mean.time_s = mean.compute_s = mean.communication_s = mean.exposed_communication_s = mean.bubble_s = 0;
  mean.compute = {};
  mean.communication = {};
  for (std::size_t i = 0; i < steps.size(); ++i) add_weighted(mean, steps[i], rates[i] / rate);
  mean.samples_per_s = input.global_batch / mean.time_s;
  mean.sources = std::move(sources);
  if (spans != nullptr)
    StepEstimator(input, &input.cluster.groups[slowest]).step(*input.parallelism, input.global_batch, spans);
  return mean;
}

}  // namespace spotmix::models
