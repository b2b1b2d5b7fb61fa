// How the data-parallel ranks of a step come to one gradient, and what of it backward does not hide.
#include <algorithm>
#include <cmath>

#include "models/parallelism/gradient_sync.h"
#include "models/step/estimator.h"
#include "models/step/seconds.h"

namespace spotmix::models {

double StepEstimator::dense_gradient_bytes(double parameters) const {
  return parameters *
         bytes_per_parameter(input_.precision, input_.optimizer, input_.software.fp32_gradients).gradients;
}

StepEstimator::GradientBytes StepEstimator::gradient_bytes_of(const Layer& layer,
                                                              const Parallelism& p) const {
  const double replicated =
      layer.parameters - layer.split_parameters - layer.expert_parameters - layer.sparse_parameters;
  const double experts = layer.expert_parameters / p.tensor / p.expert;
  GradientBytes bytes{.data = dense_gradient_bytes(replicated + layer.split_parameters / p.tensor)};
  if (p.expert == 1)
    bytes.data += dense_gradient_bytes(experts);
  else if (p.data > p.expert)
    bytes.replicas = dense_gradient_bytes(experts);
  return bytes;
}

double StepEstimator::collective_s(const GroupShape& shape, const Communicator& group, Collective collective,
                                   double bytes) const {
  const Software& software = input_.software;
  double slowdown = 1;
  if (shape.nodes > 1)
    slowdown = shape.ranks_per_node > 1 ? software.gradient_slowdown : software.network_slowdown;
  return slowdown * group.time_s(collective, bytes);
}

double StepEstimator::gradients_s(const Question& question, Collective collective,
                                  const GradientBytes& bytes) const {
  double time_s = collective_s(question.groups.data, *question.data_group, collective, bytes.data);
  if (bytes.replicas > 0)
    time_s += collective_s(question.groups.replicas, *question.replica_group, collective, bytes.replicas);
  return time_s;
}

StepEstimator::GradientBytes StepEstimator::mixture_of(std::size_t device, const Question& question) const {
  GradientBytes all;
  for (const LayerShare& share : (*question.device_stages)[device]) {
    const GradientBytes bytes = gradient_bytes_of(input_.workload.layers[share.layer], question.parallelism);
    all.data += share.count * bytes.data;
    all.replicas += share.count * bytes.replicas;
  }
  if (all.replicas == 0) return {.data = 1};
  return {.data = all.data / all.total(), .replicas = all.replicas / all.total()};
}

StepEstimator::TableBytes StepEstimator::table_bytes(std::size_t device, const Question& question) const {
  const HeldParameters held =
      held_parameters(input_.workload, (*question.device_stages)[device], question.parallelism);
  return {.all = kTableParameterBytes * held.tables,
          .met = kTableParameterBytes * held.met * question.samples * question.micro_batches};
}

/// Ranks with the same part of the tables send one another the rows that they met, or all rows where those
/// are fewer. Tables come first in the model, so that nothing hides this.
double StepEstimator::tables_s(std::size_t device, const Question& question) const {
  if (question.replica_group == nullptr) return 0;
  const GroupShape& shape = question.groups.replicas;
  const Parallelism& p = question.parallelism;
  const TableBytes bytes = table_bytes(device, question);
  if (bytes.met == 0) return 0;
  const double gathered = bytes.met * p.data / p.expert;
  return std::min(collective_s(shape, *question.replica_group, Collective::all_gather, gathered),
                  collective_s(shape, *question.replica_group, Collective::all_reduce, bytes.all));
}

/// The device's layers in the order of its last backward pass: its last chunk first.
std::vector<GradientRun> StepEstimator::gradient_runs(std::size_t device, const Question& question) {
  const Parallelism& p = question.parallelism;
  std::vector<GradientRun> runs;
  for (int chunk = p.chunks - 1; chunk >= 0; --chunk) {
    const Stage& stage = (*question.stages)[question.place(chunk, device)];
    // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
    for (auto share = stage.rbegin(); share != stage.rend(); ++share) {
      const Layer& layer = input_.workload.layers[share->layer];
      const double layer_s = layer_cost(share->layer, question).backward.total_s();
      double bytes = gradient_bytes_of(layer, p).total();
      if (layer.tied_parameters > 0 && device > 0)
        bytes += dense_gradient_bytes(layer.tied_parameters / p.tensor);
      runs.push_back({share->count, layer_s, bytes});
    }
  }
  return runs;
}

std::vector<BucketRun> StepEstimator::gradient_buckets(const std::vector<GradientRun>& runs,
                                                       const Parallelism& p) const {
  return fill_buckets(runs, p.overlap && input_.software.overlap ? p.bucket_bytes : INFINITY);
}

double StepEstimator::bucket_s(const Question& question, const GradientBytes& mixture, double bytes) const {
  return gradients_s(
      question,
      question.parallelism.sharding == Sharding::none ? Collective::all_reduce : Collective::reduce_scatter,
      {.data = bytes * mixture.data, .replicas = bytes * mixture.replicas});
}

StepEstimator::Tail StepEstimator::gradient_tail(std::size_t device, const Question& question) {
  Tail tail;
  if (question.data_group == nullptr) return tail;
  const Parallelism& p = question.parallelism;
  const std::vector<GradientRun> runs = gradient_runs(device, question);
  double backward_s = 0, bytes = 0;
  for (const GradientRun& run : runs) {
    backward_s += run.count * run.backward_s;
    bytes += run.count * run.bytes;
  }
  const bool overlap = p.overlap && input_.software.overlap;
  if (p.gradient_sync != GradientSync::all_reduce) {
    const TableBytes tables = table_bytes(device, question);
    const bool averaged = p.gradient_sync == GradientSync::periodic_average;
    bytes += averaged ? tables.all : std::min(tables.all, tables.met);
    return server_tail(bytes, overlap ? backward_s : 0, p);
  }
  if (p.sharding != Sharding::parameters) {  // else exchanged with every pass already
    const GradientBytes mixture = mixture_of(device, question);
    const Exchange exchanged = exchange(gradient_buckets(runs, p),
                                        [&](double bucket) { return bucket_s(question, mixture, bucket); });
    tail.busy_s = exchanged.busy_s;
    tail.exposed_s = std::max(0.0, exchanged.end_s - backward_s);
    tail.slowdown_s =
        compute_slowdown(question.groups.data) * (tail.busy_s - tail.exposed_s) + gradient_copies_s(bytes);
    if (p.sharding != Sharding::none) {
      // The updated weights come back once the optimizer is done.
      const double gather_s =
          gradients_s(question, Collective::all_gather,
                      {.data = bytes * mixture.data, .replicas = bytes * mixture.replicas});
      tail.busy_s += gather_s;
      tail.exposed_s += gather_s;
    }
  }
  tail.rows_s = tables_s(device, question);
  tail.busy_s += tail.rows_s;
  tail.exposed_s += tail.rows_s;
  return tail;
}

double StepEstimator::gradient_copies_s(double bytes) const {
  const double elements = bytes / costs_->activation_element_bytes();
  return input_.software.gradient_copies * costs_->stream_s(MemoryKind::elementwise, 2 * elements, 0);
}

/// Through parameter servers or a driver: gradients travel while backward runs, weights come back after the
/// update.
StepEstimator::Tail StepEstimator::server_tail(double bytes, double hidden_s, const Parallelism& p) {
  const double instance_bytes_per_s = topology_.node.network_bytes_per_s;
  // The devices of an instance add up among themselves first, and all have the weights in the end.
  double inside_s = 0;
  if (const int devices = std::min(device_count_, topology_.node.devices); devices > 1)
    inside_s = communicator({.ranks_per_node = devices}).time_s(Collective::all_reduce, bytes);
  Tail tail;
  if (p.gradient_sync == GradientSync::periodic_average) {
    tail.busy_s = periodic_average_s(topology_.nodes, bytes, instance_bytes_per_s, p.average_every) +
                  inside_s / p.average_every;
    tail.exposed_s = tail.busy_s;
    return tail;
  }
  tail.busy_s =
      parameter_server_s({.worker_instances = topology_.nodes,
                          .servers = p.servers,
                          .bytes = bytes,
                          .instance_bytes_per_s = instance_bytes_per_s,
                          .server_bytes_per_s = input_.server_bytes_per_s > 0 ? input_.server_bytes_per_s
                                                                              : instance_bytes_per_s,
                          .on_workers = p.servers_on_workers}) +
      inside_s;
  tail.exposed_s = tail.busy_s / 2 + std::max(0.0, tail.busy_s / 2 - hidden_s);
  return tail;
}

double StepEstimator::tied_bytes(const Parallelism& p) const {
  double tied = 0;
  for (const Layer& layer : input_.workload.layers) tied += layer.tied_parameters;
  return dense_gradient_bytes(tied / p.tensor);
}

/// The first and the last stage each hold the tied embedding and add up its gradients.
double StepEstimator::tied_exchange_s(const Question& question) {
  const Parallelism& p = question.parallelism;
  if (p.pipeline == 1) return 0;
  const double bytes = tied_bytes(p);
  return bytes > 0 ? stages_link(0, p.pipeline - 1, p).time_s(Collective::all_reduce, bytes) : 0;
}

}  // namespace spotmix::models
