#include "models/step/configuration.h"

#include <algorithm>

#include "models/memory/memory.h"
#include "models/step/gradients.h"
#include "models/step/overlap.h"
#include "models/step/seconds.h"

namespace spotmix::models {
namespace {

/// Stage 3 of sharding: every layer's weights are gathered before each pass and its gradients scattered after
/// it.
void add_gathered_weights(PieceTime& piece, const Stage& stage, const Gradients& gradients,
                          const Configuration& configuration) {
  std::vector<ShardedRun> runs;
  for (const LayerShare& share : stage) {
    const LayerCost& cost = (*configuration.layers)[share.layer];
    const GradientBytes bytes = gradients.bytes_of(share.layer);
    runs.push_back({share.count, cost.forward.total_s(), cost.backward.total_s(),
                    gradients.collective_s(Collective::all_gather, bytes),
                    gradients.collective_s(Collective::reduce_scatter, bytes)});
  }
  const ShardedPass pass = sharded_pass(runs);
  const double exposed_s = pass.forward_s + pass.backward_s - piece.forward_s - piece.backward_s;
  const double slowed_s =
      compute_slowdown(configuration.groups.data) * std::max(0.0, pass.link_s - exposed_s);
  piece.forward_s = pass.forward_s + slowed_s / 3;
  piece.backward_s = pass.backward_s + slowed_s * 2 / 3;
  piece.compute_s += slowed_s;
  piece.weights_s += pass.link_s;
}

PieceTime time_of(const Stage& stage, StepCosts& costs, const Configuration& configuration) {
  const Parallelism& p = configuration.parallelism;
  PieceTime piece;
  for (const LayerShare& share : stage) {
    const LayerCost& cost = (*configuration.layers)[share.layer];
    piece.forward_s += share.count * cost.forward.total_s();
    piece.backward_s += share.count * cost.backward.total_s();
    piece.compute_s += share.count * (cost.forward.compute_s() + cost.backward.compute_s());
    piece.compute.add(cost.forward.parts(), share.count);
    piece.compute.add(cost.backward.parts(), share.count);
    piece.in_layers_s += share.count * (cost.forward.communication_s + cost.backward.communication_s);
  }
  // Of lookup tables only the rows that a batch meets are updated; their backward pass counts that already.
  piece.updated_parameters =
      sharded_parameters(held_parameters(costs.workload(), stage, p), p, Sharding::optimizer);
  if (p.sharding == Sharding::parameters && configuration.data_group != nullptr)
    add_gathered_weights(piece, stage, Gradients(costs, configuration), configuration);
  if (!stage.empty() && stage.back().layer + 1 == costs.workload().layers.size()) {
    piece.backward_s += costs.software().micro_batch_s;
    piece.compute_s += costs.software().micro_batch_s;
    piece.compute.framework_s += costs.software().micro_batch_s;
  }
  return piece;
}

}  // namespace

Configuration configured(StepCosts& costs, const Parallelism& parallelism, int global_batch) {
  Configuration configuration;
  configuration.parallelism = parallelism;
  Parallelism& p = configuration.parallelism;
  p.micro_batch = micro_batch_samples(p, global_batch);
  if (p.schedule != PipelineSchedule::interleaved) p.chunks = 1;
  configuration.global_batch = global_batch;
  configuration.micro_batches = micro_batches(p, global_batch);
  configuration.samples = p.micro_batch;
  const GroupShapes groups = group_shapes(p, costs.topology().node.devices, costs.input().cluster.zones > 1);
  configuration.groups = groups;
  if (p.data > 1) configuration.data_group = &costs.communicator(groups.data);
  if (p.data > p.expert) configuration.replica_group = &costs.communicator(groups.replicas);
  configuration.stages = &costs.stages_of_pieces(p);
  configuration.device_stages = &costs.stages_of_devices(p);
  configuration.layers =
      &costs.layers({configuration.samples, p.tensor, p.expert, p.sequence_parallel, p.recompute},
                    groups.tensor, groups.expert);
  configuration.pieces.reserve(configuration.stages->size());
  for (const Stage& stage : *configuration.stages)
    configuration.pieces.push_back(time_of(stage, costs, configuration));
  return configuration;
}

}  // namespace spotmix::models
