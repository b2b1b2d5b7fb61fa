#include "models/step/estimator.h"

#include <algorithm>
#include <cmath>

#include "models/parallelism/experts.h"
#include "models/step/device_memory.h"
#include "models/step/gradients.h"
#include "models/step/seconds.h"
#include "models/step/stage_work.h"
#include "models/step/timeline.h"

namespace spotmix::models {
namespace {

/// The device whose time the breakdown shows.
struct BusiestDevice {
  std::size_t device = 0;
  double busy_s = 0;
};

BusiestDevice busiest_of(const FinishedStep& finished) {
  BusiestDevice busiest;
  for (std::size_t device = 0; device < finished.tails.size(); ++device) {
    const GradientTail& tail = finished.tails[device];
    const double busy_s = in_seconds(finished.run.busy[device] + finished.run.sending[device]) +
                          tail.exposed_s + tail.slowdown_s;
    if (device == 0 || busy_s > busiest.busy_s) busiest = {device, busy_s};
  }
  return busiest;
}

/// What rounding may leave of a device's time when everything it does is taken off: each pass is a whole
/// number of picoseconds, and sums of seconds hold twelve digits at least.
double rounding_s(const Configuration& configuration, double time_s) {
  constexpr double kPicosecond = 1e-12;
  const double passes = 2.0 * configuration.micro_batches * configuration.parallelism.chunks;
  return kPicosecond * (passes + time_s);
}

double unless_rounding(double time_s, const Configuration& configuration, double of_s) {
  return time_s > rounding_s(configuration, of_s) ? time_s : 0;
}

void break_down(const FinishedStep& finished, StepBreakdown& step) {
  const Configuration& configuration = finished.configuration;
  const auto [device, busy_s] = busiest_of(finished);
  const GradientTail& tail = finished.tails[device];
  double compute_s = 0;
  CommunicationParts parts;
  for (int chunk = 0; chunk < configuration.parallelism.chunks; ++chunk) {
    const PieceTime& piece = configuration.pieces[configuration.place(chunk, device)];
    compute_s += configuration.micro_batches * piece.compute_s;
    step.compute.add(piece.compute, configuration.micro_batches);
    parts.in_layers_s += configuration.micro_batches * piece.in_layers_s;
    parts.weights_s += configuration.micro_batches * piece.weights_s;
  }
  step.compute_s = compute_s + tail.slowdown_s + finished.update_s;
  step.compute.memory_s += finished.update_s;
  parts.between_stages_s = in_seconds(finished.run.sending[device]);
  parts.gradients_s = tail.busy_s;
  parts.tied_embeddings_s = finished.tied_s;
  step.communication = parts;
  step.communication_s = parts.total_s();
  step.bubble_s = unless_rounding(finished.all_ready_s - busy_s, configuration, finished.all_ready_s);
  step.time_s = finished.all_ready_s + finished.tied_s + finished.update_s;
  step.exposed_communication_s =
      unless_rounding(step.time_s - step.compute_s - step.bubble_s, configuration, step.time_s);
}

}  // namespace

std::string StepEstimator::misfit(const Parallelism& parallelism, int global_batch) const {
  if (!costs_.problem().empty()) return costs_.problem();
  if (global_batch < 1) return "the global batch must be at least 1";
  const Workload& workload = costs_.workload();
  const auto divided = problem(parallelism, costs_.device_count(), global_batch, layer_count(workload));
  if (divided) return *divided;
  if (const auto problem = tensor_problem(workload, parallelism.tensor)) return *problem;
  if (const auto problem = stage_problem(workload, parallelism))
    return "the layers of the stages: " + *problem;
  return expert_problem(workload, parallelism.expert).value_or("");
}

/// The run of the work, remembered for the few asked for last.
const PipelineRun& StepEstimator::run_of(const PipelineWork& work) {
  constexpr std::size_t kRemembered = 4;
  for (const auto& [known, run] : latest_runs_) {
    if (known == work) return run;
  }
  if (latest_runs_.size() == kRemembered) latest_runs_.pop_back();
  latest_runs_.emplace_front(work, pipeline_time(work));
  return latest_runs_.front().second;
}

/// Of the device that updates most.
double StepEstimator::update_s(const Configuration& configuration) const {
  const Parallelism& p = configuration.parallelism;
  double most_parameters = 0;
  for (std::size_t device = 0; device < static_cast<std::size_t>(p.pipeline); ++device) {
    double parameters = 0;
    for (int chunk = 0; chunk < p.chunks; ++chunk)
      parameters += configuration.pieces[configuration.place(chunk, device)].updated_parameters;
    most_parameters = std::max(most_parameters, parameters);
  }
  return costs_.software().update_s +
         optimizer_update_s(costs_.operations().device(), costs_.input().optimizer, most_parameters);
}

FinishedStep StepEstimator::finish(Configuration configuration, bool with_details) {
  FinishedStep finished{.workload = &costs_.workload(), .configuration = std::move(configuration)};
  const PipelineWork work = pipeline_work(costs_, finished.configuration);
  finished.run = with_details ? run_pipeline(work, &finished.details.passes) : run_of(work);
  const Gradients gradients(costs_, finished.configuration);
  finished.tails.reserve(finished.run.end.size());
  // The optimizer waits for the gradients of every stage, because it scales all of them by one norm.
  for (std::size_t device = 0; device < finished.run.end.size(); ++device) {
    const GradientTail& tail = finished.tails.emplace_back(gradients.tail(device));
    finished.all_ready_s = std::max(finished.all_ready_s,
                                    in_seconds(finished.run.end[device]) + tail.exposed_s + tail.slowdown_s);
    if (with_details) finished.details.buckets.push_back(gradients.buckets(device));
  }
  finished.tied_s = gradients.tied_exchange_s();
  finished.update_s = update_s(finished.configuration);
  if (with_details) finished.details.tied_bytes = gradients.tied_bytes();
  return finished;
}

/// For the slowest of n Gaussian devices: mean + deviation × √(2 ln n); over k steps between two averages,
/// whose deviations add up to √k of one, a step waits for 1 ÷ √k of that.
double StepEstimator::wait_s(const Parallelism& p, double compute_s) const {
  const bool alone = p.gradient_sync == GradientSync::parameter_server && p.asynchronous;
  const double jitter = costs_.input().jitter;
  if (jitter <= 0 || alone || costs_.device_count() == 1) return 0;
  const double steps = p.gradient_sync == GradientSync::periodic_average ? p.average_every : 1;
  return compute_s * jitter * std::sqrt(2 * std::log(costs_.device_count()) / steps);
}

std::vector<LayerTiming> StepEstimator::layer_timings(const Parallelism& parallelism, int global_batch) {
  std::vector<LayerTiming> timings;
  if (!misfit(parallelism, global_batch).empty()) return timings;
  const std::vector<LayerCost>& costs = *configured(costs_, parallelism, global_batch).layers;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const Layer& layer = costs_.workload().layers[i];
    const auto& [forward, backward] = costs[i];
    timings.push_back({layer.name, layer.repeat, forward.total_s(), backward.total_s(),
                       forward.communication_s + backward.communication_s});
  }
  return timings;
}

StepBreakdown StepEstimator::step(const Parallelism& parallelism, int global_batch,
                                  std::vector<Span>* spans) {
  return step(parallelism, global_batch, spans, INFINITY);
}

StepBreakdown StepEstimator::step_unless_slower(const Parallelism& parallelism, int global_batch,
                                                double give_up_s) {
  return step(parallelism, global_batch, nullptr, give_up_s);
}

StepBreakdown StepEstimator::step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans,
                                  double give_up_s) {
  StepBreakdown step;
  step.parallelism = parallelism;
  step.infeasible_reason = misfit(parallelism, global_batch);
  if (!step.feasible()) return step;
  Configuration configuration = configured(costs_, parallelism, global_batch);
  step.parallelism = configuration.parallelism;
  step.infeasible_reason = add_memory(step, costs_, configuration);
  if (!step.feasible()) return step;
  if (const double least_s = least_time_s(configuration); least_s >= give_up_s) {
    step.time_s = least_s;
    return step;
  }
  FinishedStep finished = finish(std::move(configuration), spans != nullptr);
  break_down(finished, step);
  finished.wait_s = wait_s(step.parallelism, step.compute_s);
  step.exposed_communication_s += finished.wait_s;
  step.time_s += finished.wait_s;
  step.samples_per_s = global_batch / step.time_s;
  if (spans != nullptr) *spans = timeline_of(finished);
  return step;
}

}  // namespace spotmix::models
