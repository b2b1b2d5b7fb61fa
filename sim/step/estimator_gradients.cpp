// How the data-parallel ranks of a step come to one gradient, and what of it backward does not hide.
#include <algorithm>
#include <cmath>

#include "models/parallelism/gradient_sync.h"
#include "sim/step/estimator.h"
#include "sim/step/seconds.h"

namespace spotmix::sim {

using models::Collective;
using models::Sharding;

double StepEstimator::gradient_bytes_of(const models::Layer& layer, const models::Parallelism& p) const {
  const double per =
      models::bytes_per_parameter(input_.precision, input_.optimizer, input_.software.fp32_gradients)
          .gradients;
  const double replicated =
      layer.parameters - layer.split_parameters - layer.expert_parameters - layer.sparse_parameters;
  return per * (replicated + layer.split_parameters / p.tensor);
}

double StepEstimator::data_collective_s(const Question& question, Collective collective, double bytes) const {
  const models::GroupShape& group = question.groups.data;
  const models::Software& software = input_.software;
  double slowdown = 1;
  if (group.nodes > 1)
    slowdown = group.ranks_per_node > 1 ? software.gradient_slowdown : software.network_slowdown;
  return slowdown * question.data_group->time_s(collective, bytes);
}

/// The device's layers in the order of its last backward pass: its last chunk first.
std::vector<GradientRun> StepEstimator::gradient_runs(std::size_t device, const Question& question) {
  const models::Parallelism& p = question.parallelism;
  std::vector<GradientRun> runs;
  for (int chunk = p.chunks - 1; chunk >= 0; --chunk) {
    const models::Stage& stage = (*question.stages)[question.place(chunk, device)];
    // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
    for (auto share = stage.rbegin(); share != stage.rend(); ++share) {
      const models::Layer& layer = input_.workload.layers[share->layer];
      const double layer_s = layer_cost(share->layer, question).backward.total_s();
      double bytes = gradient_bytes_of(layer, p);
      if (layer.tied_parameters > 0 && device > 0) {
        bytes += layer.tied_parameters / p.tensor * gradient_bytes_of({.parameters = 1}, p);
      }
      runs.push_back({share->count, layer_s, bytes});
    }
  }
  return runs;
}

std::vector<BucketRun> StepEstimator::gradient_buckets(const std::vector<GradientRun>& runs,
                                                       const models::Parallelism& p) const {
  return fill_buckets(runs, p.overlap && input_.software.overlap ? p.bucket_bytes : INFINITY);
}

double StepEstimator::bucket_s(const Question& question, double bytes) const {
  return data_collective_s(
      question,
      question.parallelism.sharding == Sharding::none ? Collective::all_reduce : Collective::reduce_scatter,
      bytes);
}

StepEstimator::Tail StepEstimator::gradient_tail(std::size_t device, const Question& question) {
  Tail tail;
  if (question.data_group == nullptr) return tail;
  const models::Parallelism& p = question.parallelism;
  if (p.sharding == Sharding::parameters) return tail;  // exchanged with every pass already
  const std::vector<GradientRun> runs = gradient_runs(device, question);
  double backward_s = 0;
  for (const GradientRun& run : runs) backward_s += run.count * run.backward_s;
  const bool overlap = p.overlap && input_.software.overlap;
  if (p.gradient_sync != models::GradientSync::all_reduce)
    return server_tail(runs, overlap ? backward_s : 0, p);
  const Exchange exchanged =
      exchange(gradient_buckets(runs, p), [&](double bytes) { return bucket_s(question, bytes); });
  tail.busy_s = exchanged.busy_s;
  tail.exposed_s = std::max(0.0, exchanged.end_s - backward_s);
  tail.slowdown_s =
      compute_slowdown(question.groups.data) * (tail.busy_s - tail.exposed_s) + gradient_copies_s(runs);
  if (p.sharding != Sharding::none) {
    // The updated weights come back once the optimizer is done.
    double bytes = 0;
    for (const GradientRun& run : runs) bytes += run.count * run.bytes;
    const double gather_s = data_collective_s(question, Collective::all_gather, bytes);
    tail.busy_s += gather_s;
    tail.exposed_s += gather_s;
  }
  return tail;
}

double StepEstimator::gradient_copies_s(const std::vector<GradientRun>& runs) const {
  double bytes = 0;
  for (const GradientRun& run : runs) bytes += run.count * run.bytes;
  const double elements = bytes / costs_->activation_element_bytes();
  return input_.software.gradient_copies * costs_->stream_s(models::MemoryKind::elementwise, 2 * elements, 0);
}

/// Through parameter servers or a driver: gradients travel while backward runs, weights come back after the
/// update.
StepEstimator::Tail StepEstimator::server_tail(const std::vector<GradientRun>& runs, double hidden_s,
                                               const models::Parallelism& p) const {
  double bytes = 0;
  for (const GradientRun& run : runs) bytes += run.count * run.bytes;
  const double instance_bytes_per_s = topology_.node.network_bytes_per_s;
  Tail tail;
  if (p.gradient_sync == models::GradientSync::periodic_average) {
    tail.busy_s = models::periodic_average_s(topology_.nodes, bytes, instance_bytes_per_s, p.average_every);
    tail.exposed_s = tail.busy_s;
    return tail;
  }
  tail.busy_s = models::parameter_server_s(
      {.worker_instances = topology_.nodes,
       .servers = p.servers,
       .bytes = bytes,
       .instance_bytes_per_s = instance_bytes_per_s,
       .server_bytes_per_s = input_.server_bytes_per_s > 0 ? input_.server_bytes_per_s : instance_bytes_per_s,
       .on_workers = p.servers_on_workers});
  tail.exposed_s = tail.busy_s / 2 + std::max(0.0, tail.busy_s / 2 - hidden_s);
  return tail;
}

double StepEstimator::tied_bytes(const models::Parallelism& p) const {
  double tied = 0;
  for (const models::Layer& layer : input_.workload.layers) tied += layer.tied_parameters;
  return tied / p.tensor * gradient_bytes_of({.parameters = 1}, p);
}

/// The first and the last stage each hold the tied embedding and add up its gradients.
double StepEstimator::tied_exchange_s(const Question& question) {
  const models::Parallelism& p = question.parallelism;
  if (p.pipeline == 1) return 0;
  const double bytes = tied_bytes(p);
  return bytes > 0 ? stages_link(0, p.pipeline - 1, p).time_s(Collective::all_reduce, bytes) : 0;
}

}  // namespace spotmix::sim
