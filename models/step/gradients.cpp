#include "models/step/gradients.h"

#include <algorithm>
#include <cmath>

#include "models/memory/memory.h"
#include "models/parallelism/gradient_sync.h"
#include "models/step/seconds.h"

namespace spotmix::models {
namespace {

double backward_s_of(const std::vector<GradientRun>& runs) {
  double backward_s = 0;
  for (const GradientRun& run : runs) backward_s += run.count * run.backward_s;
  return backward_s;
}

GradientBytes split(double bytes, const GradientBytes& mixture) {
  return {.data = bytes * mixture.data, .replicas = bytes * mixture.replicas};
}

}  // namespace

double Gradients::dense_bytes(double parameters) const {
  const StepInput& input = costs_.input();
  return parameters *
         bytes_per_parameter(input.precision, input.optimizer, input.software.fp32_gradients).gradients;
}

GradientBytes Gradients::bytes_of(std::size_t index) const {
  const Parallelism& p = parallelism();
  const Layer& layer = costs_.workload().layers[index];
  const double replicated =
      layer.parameters - layer.split_parameters - layer.expert_parameters - layer.sparse_parameters;
  const double experts = layer.expert_parameters / p.tensor / p.expert;
  GradientBytes bytes{.data = dense_bytes(replicated + layer.split_parameters / p.tensor)};
  if (p.expert == 1)
    bytes.data += dense_bytes(experts);
  else if (p.data > p.expert)
    bytes.replicas = dense_bytes(experts);
  return bytes;
}

double Gradients::group_s(const GroupShape& shape, const Communicator& group, Collective collective,
                          double bytes) const {
  const Software& software = costs_.software();
  double slowdown = 1;
  if (shape.nodes > 1)
    slowdown = shape.ranks_per_node > 1 ? software.gradient_slowdown : software.network_slowdown;
  return slowdown * group.time_s(collective, bytes);
}

double Gradients::collective_s(Collective collective, const GradientBytes& bytes) const {
  const GroupShapes& groups = configuration_.groups;
  double time_s = group_s(groups.data, *configuration_.data_group, collective, bytes.data);
  if (bytes.replicas > 0)
    time_s += group_s(groups.replicas, *configuration_.replica_group, collective, bytes.replicas);
  return time_s;
}

/// How the gradients of one device are split over the groups, as shares of one byte.
GradientBytes Gradients::mixture_of(std::size_t device) const {
  GradientBytes all;
  for (const LayerShare& share : (*configuration_.device_stages)[device]) {
    const GradientBytes bytes = bytes_of(share.layer);
    all.data += share.count * bytes.data;
    all.replicas += share.count * bytes.replicas;
  }
  if (all.replicas == 0) return {.data = 1};
  return {.data = all.data / all.total(), .replicas = all.replicas / all.total()};
}

Gradients::TableBytes Gradients::tables_of(std::size_t device) const {
  const HeldParameters held =
      held_parameters(costs_.workload(), (*configuration_.device_stages)[device], parallelism());
  return {.all = kTableParameterBytes * held.tables,
          .met = kTableParameterBytes * held.met * configuration_.samples * configuration_.micro_batches};
}

/// Ranks with the same part of the tables send one another the rows that they met, or all rows where those
/// are fewer. Tables come first in the model, so that nothing hides this.
double Gradients::tables_s(std::size_t device) const {
  if (configuration_.replica_group == nullptr) return 0;
  const TableBytes bytes = tables_of(device);
  if (bytes.met == 0) return 0;
  const GroupShape& shape = configuration_.groups.replicas;
  const double gathered = bytes.met * parallelism().data / parallelism().expert;
  return std::min(group_s(shape, *configuration_.replica_group, Collective::all_gather, gathered),
                  group_s(shape, *configuration_.replica_group, Collective::all_reduce, bytes.all));
}

/// The device's layers in the order of its last backward pass: its last chunk first.
std::vector<GradientRun> Gradients::runs_of(std::size_t device) const {
  const Parallelism& p = parallelism();
  std::vector<GradientRun> runs;
  for (int chunk = p.chunks - 1; chunk >= 0; --chunk) {
    const Stage& stage = (*configuration_.stages)[configuration_.place(chunk, device)];
    // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
    for (auto share = stage.rbegin(); share != stage.rend(); ++share) {
      const Layer& layer = costs_.workload().layers[share->layer];
      double bytes = bytes_of(share->layer).total();
      if (layer.tied_parameters > 0 && device > 0) bytes += dense_bytes(layer.tied_parameters / p.tensor);
      runs.push_back({share->count, (*configuration_.layers)[share->layer].backward.total_s(), bytes});
    }
  }
  return runs;
}

std::vector<BucketRun> Gradients::filled(const std::vector<GradientRun>& runs) const {
  return fill_buckets(runs, overlaps() ? parallelism().bucket_bytes : INFINITY);
}

double Gradients::bucket_s(const GradientBytes& mixture, double bytes) const {
  const bool whole = parallelism().sharding == Sharding::none;
  return collective_s(whole ? Collective::all_reduce : Collective::reduce_scatter, split(bytes, mixture));
}

BucketExchange Gradients::buckets(std::size_t device) const {
  const Parallelism& p = parallelism();
  if (configuration_.data_group == nullptr || p.gradient_sync != GradientSync::all_reduce ||
      p.sharding == Sharding::parameters) {
    return {};
  }
  const std::vector<GradientRun> runs = runs_of(device);
  const GradientBytes mixture = mixture_of(device);
  return {backward_s_of(runs),
          bucket_times(filled(runs), [&](double bytes) { return bucket_s(mixture, bytes); })};
}

GradientTail Gradients::tail(std::size_t device) const {
  GradientTail tail;
  if (configuration_.data_group == nullptr) return tail;
  const Parallelism& p = parallelism();
  const std::vector<GradientRun> runs = runs_of(device);
  if (p.gradient_sync != GradientSync::all_reduce) {
    double bytes = 0;
    for (const GradientRun& run : runs) bytes += run.count * run.bytes;
    return tail_through_servers(device, bytes, backward_s_of(runs));
  }
  if (p.sharding != Sharding::parameters) add_exchange(tail, device, runs);  // else with every pass already
  tail.rows_s = tables_s(device);
  tail.busy_s += tail.rows_s;
  tail.exposed_s += tail.rows_s;
  return tail;
}

void Gradients::add_exchange(GradientTail& tail, std::size_t device,
                             const std::vector<GradientRun>& runs) const {
  double bytes = 0;
  for (const GradientRun& run : runs) bytes += run.count * run.bytes;
  const GradientBytes mixture = mixture_of(device);
  const Exchange exchanged = exchange(filled(runs), [&](double bucket) { return bucket_s(mixture, bucket); });
  tail.busy_s = exchanged.busy_s;
  tail.exposed_s = std::max(0.0, exchanged.end_s - backward_s_of(runs));
  tail.slowdown_s =
      compute_slowdown(configuration_.groups.data) * (tail.busy_s - tail.exposed_s) + copies_s(bytes);
  if (parallelism().sharding == Sharding::none) return;
  // The updated weights come back once the optimizer is done.
  const double gather_s = collective_s(Collective::all_gather, split(bytes, mixture));
  tail.busy_s += gather_s;
  tail.exposed_s += gather_s;
}

double Gradients::copies_s(double bytes) const {
  const double elements = bytes / costs_.operations().activation_element_bytes();
  return costs_.software().gradient_copies *
         costs_.operations().stream_s(MemoryKind::elementwise, 2 * elements, 0);
}

/// Through parameter servers or a driver.
GradientTail Gradients::tail_through_servers(std::size_t device, double bytes, double backward_s) const {
  const TableBytes tables = tables_of(device);
  const bool averaged = parallelism().gradient_sync == GradientSync::periodic_average;
  bytes += averaged ? tables.all : std::min(tables.all, tables.met);
  // The devices of an instance add up among themselves first, and all have the weights in the end.
  double inside_s = 0;
  if (const int devices = std::min(costs_.device_count(), costs_.topology().node.devices); devices > 1)
    inside_s = costs_.communicator({.ranks_per_node = devices}).time_s(Collective::all_reduce, bytes);
  return averaged ? average_tail(bytes, inside_s) : server_tail(bytes, inside_s, overlaps() ? backward_s : 0);
}

/// The share of one step in an exchange of the weights.
GradientTail Gradients::average_tail(double bytes, double inside_s) const {
  const ClusterTopology& topology = costs_.topology();
  const int every = parallelism().average_every;
  GradientTail tail;
  tail.busy_s =
      periodic_average_s(topology.nodes, bytes, topology.node.network_bytes_per_s, every) + inside_s / every;
  tail.exposed_s = tail.busy_s;
  return tail;
}

/// Gradients travel while backward runs, weights come back after the update.
GradientTail Gradients::server_tail(double bytes, double inside_s, double hidden_s) const {
  const double instance_bytes_per_s = costs_.topology().node.network_bytes_per_s;
  const double server_bytes_per_s = costs_.input().server_bytes_per_s;
  GradientTail tail;
  tail.busy_s = parameter_server_s(
                    {.worker_instances = costs_.topology().nodes,
                     .servers = parallelism().servers,
                     .bytes = bytes,
                     .instance_bytes_per_s = instance_bytes_per_s,
                     .server_bytes_per_s = server_bytes_per_s > 0 ? server_bytes_per_s : instance_bytes_per_s,
                     .on_workers = parallelism().servers_on_workers}) +
                inside_s;
  tail.exposed_s = tail.busy_s / 2 + std::max(0.0, tail.busy_s / 2 - hidden_s);
  return tail;
}

double Gradients::tied_bytes() const {
  double tied = 0;
  for (const Layer& layer : costs_.workload().layers) tied += layer.tied_parameters;
  return dense_bytes(tied / parallelism().tensor);
}

/// The first and the last stage each hold the tied embedding and add up its gradients.
double Gradients::tied_exchange_s() const {
  const Parallelism& p = parallelism();
  if (p.pipeline == 1) return 0;
  const double bytes = tied_bytes();
  return bytes > 0 ? costs_.stages_link(0, p.pipeline - 1, p).time_s(Collective::all_reduce, bytes) : 0;
}

}  // namespace spotmix::models
