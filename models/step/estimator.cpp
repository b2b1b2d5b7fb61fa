#include "models/step/estimator.h"

#include <algorithm>
#include <cmath>

#include "models/memory/fit.h"
#include "models/parallelism/experts.h"
#include "models/step/cluster.h"
#include "models/step/seconds.h"
#include "models/step/step_sources.h"

namespace spotmix::models {
namespace {

constexpr double kGib = 1073741824.0;

/// The slowest device of the cluster for this workload: the one with the lowest usable peak.
const DeviceSpec& slowest_device(const Cluster& cluster, Precision precision) {
  const DeviceSpec* slowest = nullptr;
  for (const InstanceGroup& group : cluster.groups) {
    const DeviceSpec* device = node_of(group).device;
    if (slowest == nullptr ||
        usable_peak_flop_per_s(*device, precision) < usable_peak_flop_per_s(*slowest, precision)) {
      slowest = device;
    }
  }
  return *slowest;
}

double memory_bytes_of(const InstanceGroup& group) {
  return group.memory_bytes > 0 ? group.memory_bytes : node_of(group).device->memory_bytes;
}

double smallest_memory_bytes(const Cluster& cluster) {
  double smallest = INFINITY;
  for (const InstanceGroup& group : cluster.groups) smallest = std::min(smallest, memory_bytes_of(group));
  return smallest;
}

}  // namespace

StepEstimator::StepEstimator(const StepInput& input, const InstanceGroup* paced_by)
    : input_(input), problem_(cluster_problem(input.cluster)) {
  if (!problem_.empty()) return;
  topology_ = topology_of(input.cluster);
  device_count_ = device_count(input.cluster);
  layer_count_ = layer_count(input.workload);
  device_memory_bytes_ =
      paced_by != nullptr ? memory_bytes_of(*paced_by) : smallest_memory_bytes(input.cluster);
  const DeviceSpec& device =
      paced_by != nullptr ? *node_of(*paced_by).device : slowest_device(input.cluster, input.precision);
  costs_ = std::make_unique<OperationCosts>(device, input.precision, input.profiles);
  sources_ = step_sources(input, topology_, *costs_);
}

void StepEstimator::set_software(const Software& software) {
  if (software.collectives != input_.software.collectives) communicators_.clear();
  layer_costs_.clear();
  input_.software = software;
}

std::string StepEstimator::misfit(const Parallelism& parallelism, int global_batch) const {
  if (!problem_.empty()) return problem_;
  if (global_batch < 1) return "the global batch must be at least 1";
  const auto divided = problem(parallelism, device_count_, global_batch, layer_count_);
  if (divided) return *divided;
  if (const auto problem = tensor_problem(input_.workload, parallelism.tensor)) return *problem;
  if (const auto problem = stage_problem(input_.workload, parallelism))
    return "the layers of the stages: " + *problem;
  return expert_problem(input_.workload, parallelism.expert).value_or("");
}

PipelineWork StepEstimator::pipeline_work(const Question& question) {
  const Parallelism& p = question.parallelism;
  PipelineWork work{.schedule = p.schedule,
                    .devices = p.pipeline,
                    .chunks = p.chunks,
                    .micro_batches = question.micro_batches};
  for (std::size_t i = 0; i < question.pieces.size(); ++i) {
    work.pieces.push_back(
        {picoseconds(question.pieces[i].forward_s), picoseconds(question.pieces[i].backward_s)});
    if (i + 1 == question.pieces.size()) break;
    if (p.pipeline > 1) work.transfers.push_back(picoseconds(transfer_s(i, question)));
  }
  return work;
}

/// From piece `boundary` to the next, or back: what its last layer hands on, over the link between their
/// stages.
double StepEstimator::transfer_s(std::size_t boundary, const Question& question) {
  const Parallelism& p = question.parallelism;
  const Layer& last = input_.workload.layers[(*question.stages)[boundary].back().layer];
  const double bytes = last.output_elements * question.samples * costs_->activation_element_bytes();
  const int stage = static_cast<int>(boundary) % p.pipeline;
  const Communicator& link = stages_link(stage, (stage + 1) % p.pipeline, p);
  // Tensor-parallel ranks hold the same activations: each sends its part, and the receivers gather them.
  double time_s = link.time_s(Collective::send_receive, bytes / p.tensor);
  if (p.tensor > 1 && !p.sequence_parallel)
    time_s += communicator(question.groups.tensor).time_s(Collective::all_gather, bytes);
  return time_s;
}

const Communicator& StepEstimator::stages_link(int from, int to, const Parallelism& p) {
  return communicator(stage_pairs_shape(p, from, to, topology_.node.devices, input_.cluster.zones > 1));
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

/// What rounding may leave of a device's time when everything it does is taken off: each pass is a whole
/// number of picoseconds, and sums of seconds hold twelve digits at least.
double StepEstimator::rounding_s(const Question& question, double time_s) {
  constexpr double kPicosecond = 1e-12;
  const double passes = 2.0 * question.micro_batches * question.parallelism.chunks;
  return kPicosecond * (passes + time_s);
}

void StepEstimator::put_together(StepBreakdown& step, const Question& question, std::vector<Span>* spans) {
  const Parallelism& p = question.parallelism;
  const PipelineWork work = pipeline_work(question);
  const PipelineRun run = spans != nullptr ? run_pipeline(work, spans) : run_of(work);

  // The optimizer waits for the gradients of every stage, because it scales all of them by one norm.
  double all_ready_s = 0;
  std::size_t busiest = 0;  // the device whose time the breakdown shows
  double busiest_s = 0;
  Tail busiest_tail;
  double most_parameters = 0;
  for (std::size_t device = 0; device < run.end.size(); ++device) {
    const Tail tail = gradient_tail(device, question);
    all_ready_s = std::max(all_ready_s, in_seconds(run.end[device]) + tail.exposed_s + tail.slowdown_s);
    const double busy_s =
        in_seconds(run.busy[device] + run.sending[device]) + tail.exposed_s + tail.slowdown_s;
    if (device == 0 || busy_s > busiest_s) {
      busiest_s = busy_s;
      busiest = device;
      busiest_tail = tail;
    }
    double parameters = 0;
    for (int chunk = 0; chunk < p.chunks; ++chunk) {
      parameters += question.pieces[question.place(chunk, device)].updated_parameters;
    }
    most_parameters = std::max(most_parameters, parameters);
  }
  const double tied_s = tied_exchange_s(question);
  const double update_s =
      input_.software.update_s + optimizer_update_s(costs_->device(), input_.optimizer, most_parameters);

  if (spans != nullptr) {
    draw(question, run, update_s, all_ready_s + tied_s, *spans);
    if (tied_s > 0) draw_tied(question, all_ready_s, tied_s, *spans);
  }
  double compute_s = 0;
  CommunicationParts parts;
  for (int chunk = 0; chunk < p.chunks; ++chunk) {
    const Piece& piece = question.pieces[question.place(chunk, busiest)];
    compute_s += question.micro_batches * piece.compute_s;
    parts.in_layers_s += question.micro_batches * piece.in_layers_s;
    parts.weights_s += question.micro_batches * piece.weights_s;
  }
  step.compute_s = compute_s + busiest_tail.slowdown_s + update_s;
  parts.between_stages_s = in_seconds(run.sending[busiest]);
  parts.gradients_s = busiest_tail.busy_s;
  parts.tied_embeddings_s = tied_s;
  step.communication = parts;
  step.communication_s = parts.total_s();
  const double idle_s = all_ready_s - busiest_s;
  step.bubble_s = idle_s > rounding_s(question, all_ready_s) ? idle_s : 0;
  step.time_s = all_ready_s + tied_s + update_s;
  const double exposed_s = step.time_s - step.compute_s - step.bubble_s;
  step.exposed_communication_s = exposed_s > rounding_s(question, step.time_s) ? exposed_s : 0;
}

std::vector<LayerTiming> StepEstimator::layer_timings(const Parallelism& parallelism, int global_batch) {
  std::vector<LayerTiming> timings;
  if (!misfit(parallelism, global_batch).empty()) return timings;
  const Question question = ask(parallelism, global_batch);
  for (std::size_t i = 0; i < input_.workload.layers.size(); ++i) {
    const Layer& layer = input_.workload.layers[i];
    const LayerCost& cost = layer_cost(i, question);
    timings.push_back({layer.name, layer.repeat, cost.forward.total_s(), cost.backward.total_s(),
                       cost.forward.communication_s + cost.backward.communication_s});
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

/// No device is done before all its passes.
double StepEstimator::least_time_s(const Question& question) {
  const auto devices = static_cast<std::size_t>(question.parallelism.pipeline);
  double longest_s = 0;
  for (std::size_t device = 0; device < devices; ++device) {
    double busy_s = 0;
    for (std::size_t piece = device; piece < question.pieces.size(); piece += devices)
      busy_s += question.pieces[piece].forward_s + question.pieces[piece].backward_s;
    longest_s = std::max(longest_s, busy_s);
  }
  return question.micro_batches * longest_s;
}

StepBreakdown StepEstimator::step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans,
                                  double give_up_s) {
  StepBreakdown step;
  step.parallelism = parallelism;
  step.infeasible_reason = misfit(parallelism, global_batch);
  if (!step.feasible()) return step;
  const Question question = ask(parallelism, global_batch);
  step.parallelism = question.parallelism;
  const MemorySettings memory{.precision = input_.precision,
                              .optimizer = input_.optimizer,
                              .fp32_gradients = input_.software.fp32_gradients,
                              .parallelism = question.parallelism,
                              .global_batch = global_batch};
  step.memory = memory_per_device(input_.workload, *question.device_stages, memory);
  step.memory_per_device_gib = step.memory.total_bytes() / kGib;
  step.memory_limit_bytes = device_memory_bytes_;
  if (input_.check_memory && step.memory.total_bytes() > device_memory_bytes_) {
    step.infeasible_reason = memory_problem(input_.workload, memory, device_memory_bytes_);
    return step;
  }
  if (const double least_s = least_time_s(question); least_s >= give_up_s) {
    step.time_s = least_s;
    return step;
  }
  put_together(step, question, spans);
  const bool waits = !(question.parallelism.gradient_sync == GradientSync::parameter_server &&
                       question.parallelism.asynchronous);
  if (input_.jitter > 0 && waits && device_count_ > 1) {
    // The slowest of n Gaussian devices: mean + deviation × √(2 ln n); over k steps between two averages,
    // whose deviations add up to √k of one, a step waits for 1 ÷ √k of that.
    const bool averaged = question.parallelism.gradient_sync == GradientSync::periodic_average;
    const double steps = averaged ? question.parallelism.average_every : 1;
    const double wait_s = step.compute_s * input_.jitter * std::sqrt(2 * std::log(device_count_) / steps);
    if (spans != nullptr) draw_wait(question, step.time_s, wait_s, *spans);
    step.exposed_communication_s += wait_s;
    step.time_s += wait_s;
  }
  step.samples_per_s = global_batch / step.time_s;
  return step;
}

}  // namespace spotmix::models
