// What the pieces of a step cost: a layer, a stage, a group of ranks that communicates, each asked once and
// remembered.
#include <algorithm>

#include "models/collectives/measured_node.h"
#include "models/step/estimator.h"
#include "models/step/overlap.h"
#include "models/step/seconds.h"

namespace spotmix::models {

const Communicator& StepEstimator::communicator(const GroupShape& shape) {
  const GroupKey key{shape.ranks_per_node, shape.nodes, shape.concurrent_groups, shape.across_zones};
  auto found = communicators_.find(key);
  if (found == communicators_.end()) {
    Communicator group(topology_, shape, input_.software.collectives);
    if (shape.nodes == 1) use_measured(group, shape.ranks());
    if (shape.nodes > 1 && shape.ranks_per_node > 1)
      group.never_below(communicator({.ranks_per_node = shape.ranks_per_node}));
    found = communicators_.emplace(key, std::move(group)).first;
  }
  return found->second;
}

void StepEstimator::use_measured(Communicator& group, int ranks) {
  if (input_.profiles == nullptr || input_.software.collectives != Library::nccl || ranks < 2) return;
  for (const Collective collective :
       {Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather, Collective::all_to_all}) {
    auto measured = measured_group(*input_.profiles, topology_.node, ranks, collective);
    if (!measured) continue;
    group.use_measured(collective, std::move(measured->time_s));
    add_source(sources_, std::move(measured->source));
  }
}

const StepEstimator::Stages& StepEstimator::stages(const Parallelism& p) {
  std::pair<int, std::vector<int>> key{pipeline_pieces(p), p.stage_layers};
  const auto found = stages_.find(key);
  if (found != stages_.end()) return found->second;
  return stages_.emplace(std::move(key), divide_into_pieces(input_.workload, p)).first->second;
}

const StepEstimator::Stages& StepEstimator::stages_of_devices(const Parallelism& p) {
  std::pair<int, std::vector<int>> key{p.pipeline, p.stage_layers};
  const auto found = device_stages_.find(key);
  if (found != device_stages_.end()) return found->second;
  return device_stages_.emplace(std::move(key), device_stages(input_.workload, p)).first->second;
}

const LayerCost& StepEstimator::layer_cost(std::size_t layer, const Question& question) {
  const Parallelism& p = question.parallelism;
  const LayerKey key{layer, question.samples, p.tensor, p.expert, p.sequence_parallel, p.recompute};
  const auto found = layer_costs_.find(key);
  if (found != layer_costs_.end()) return found->second;
  const LayerSettings settings{.share = {.samples = question.samples,
                                         .tensor = p.tensor,
                                         .expert = p.expert,
                                         .sequence_parallel = p.sequence_parallel},
                               .recompute = p.recompute,
                               .tensor_group = p.tensor > 1 ? &communicator(question.groups.tensor) : nullptr,
                               .tensor_across_nodes = question.groups.tensor.nodes > 1,
                               .expert_group = p.expert > 1 ? &communicator(question.groups.expert) : nullptr,
                               .software = &input_.software};
  return layer_costs_.emplace(key, models::layer_cost(input_.workload.layers[layer], settings, *costs_))
      .first->second;
}

StepEstimator::Question StepEstimator::ask(const Parallelism& parallelism, int global_batch) {
  Question question;
  question.parallelism = parallelism;
  Parallelism& p = question.parallelism;
  p.micro_batch = micro_batch_samples(p, global_batch);
  if (p.schedule != PipelineSchedule::interleaved) p.chunks = 1;
  question.global_batch = global_batch;
  question.micro_batches = micro_batches(p, global_batch);
  question.samples = p.micro_batch;
  question.groups = group_shapes(p, topology_.node.devices, input_.cluster.zones > 1);
  if (p.data > 1) question.data_group = &communicator(question.groups.data);
  if (p.data > p.expert) question.replica_group = &communicator(question.groups.replicas);
  question.stages = &stages(p);
  question.device_stages = &stages_of_devices(p);
  question.pieces.reserve(question.stages->size());
  for (const Stage& stage : *question.stages) question.pieces.push_back(cost_of(stage, question));
  return question;
}

StepEstimator::Piece StepEstimator::cost_of(const Stage& stage, const Question& question) {
  Piece piece;
  for (const LayerShare& share : stage) {
    const LayerCost& cost = layer_cost(share.layer, question);
    piece.forward_s += share.count * cost.forward.total_s();
    piece.backward_s += share.count * cost.backward.total_s();
    piece.compute_s += share.count * (cost.forward.compute_s() + cost.backward.compute_s());
    piece.in_layers_s += share.count * (cost.forward.communication_s + cost.backward.communication_s);
  }
  // Of lookup tables only the rows that a batch meets are updated; their backward pass counts that already.
  piece.updated_parameters = sharded_parameters(held_parameters(input_.workload, stage, question.parallelism),
                                                question.parallelism, Sharding::optimizer);
  if (question.parallelism.sharding == Sharding::parameters && question.data_group != nullptr) {
    add_gathered_weights(piece, stage, question);
  }
  if (!stage.empty() && stage.back().layer + 1 == input_.workload.layers.size()) {
    piece.backward_s += input_.software.micro_batch_s;
    piece.compute_s += input_.software.micro_batch_s;
  }
  return piece;
}

/// Stage 3: every layer's weights are gathered before each pass and its gradients scattered after it.
void StepEstimator::add_gathered_weights(Piece& piece, const Stage& stage, const Question& question) {
  std::vector<ShardedRun> runs;
  for (const LayerShare& share : stage) {
    const LayerCost& cost = layer_cost(share.layer, question);
    const GradientBytes bytes = gradient_bytes_of(input_.workload.layers[share.layer], question.parallelism);
    runs.push_back({share.count, cost.forward.total_s(), cost.backward.total_s(),
                    gradients_s(question, Collective::all_gather, bytes),
                    gradients_s(question, Collective::reduce_scatter, bytes)});
  }
  const ShardedPass pass = sharded_pass(runs);
  const double exposed_s = pass.forward_s + pass.backward_s - piece.forward_s - piece.backward_s;
  const double slowed_s = compute_slowdown(question.groups.data) * std::max(0.0, pass.link_s - exposed_s);
  piece.forward_s = pass.forward_s + slowed_s / 3;
  piece.backward_s = pass.backward_s + slowed_s * 2 / 3;
  piece.compute_s += slowed_s;
  piece.weights_s += pass.link_s;
}

}  // namespace spotmix::models
