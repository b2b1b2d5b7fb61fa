#include "models/step/costs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/collectives/measured_group.h"
#include "models/parallelism/placement.h"
#include "models/step/cluster.h"
#include "models/step/step_sources.h"

namespace spotmix::models {
namespace {

/// One device's share of the batch, forward and backward.
double share_s(const StepInput& input, const OperationCosts& operations) {
  const double samples = std::max(
      1.0, std::ceil(static_cast<double>(input.global_batch) / std::max(1, device_count(input.cluster))));
  const LayerSettings settings{.share = {.samples = samples}, .software = &input.software};
  double time_s = 0;
  for (const Layer& layer : input.workload.layers) {
    const LayerCost cost = layer_cost(layer, settings, operations);
    time_s += layer.repeat * (cost.forward.total_s() + cost.backward.total_s());
  }
  return time_s;
}

/// What operations cost on the device of the cluster that is slowest at its share of the workload.
std::unique_ptr<OperationCosts> slowest_operations(const StepInput& input) {
  std::vector<const DeviceSpec*> devices;
  for (const InstanceGroup& group : input.cluster.groups) {
    const DeviceSpec* device = node_of(group).device;
    if (std::find(devices.begin(), devices.end(), device) == devices.end()) devices.push_back(device);
  }
  std::unique_ptr<OperationCosts> slowest;
  double slowest_s = 0;
  for (const DeviceSpec* device : devices) {
    auto operations = std::make_unique<OperationCosts>(*device, input.precision, input.profiles);
    const double time_s = devices.size() > 1 ? share_s(input, *operations) : 0;
    if (slowest && time_s <= slowest_s) continue;
    slowest = std::move(operations);
    slowest_s = time_s;
  }
  return slowest;
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

StepCosts::StepCosts(const StepInput& input, const InstanceGroup* paced_by)
    : input_(input), problem_(cluster_problem(input.cluster)) {
  if (!problem_.empty()) return;
  topology_ = topology_of(input.cluster);
  device_count_ = models::device_count(input.cluster);
  device_memory_bytes_ =
      paced_by != nullptr ? memory_bytes_of(*paced_by) : smallest_memory_bytes(input.cluster);
  operations_ = paced_by != nullptr ? std::make_unique<OperationCosts>(*node_of(*paced_by).device,
                                                                       input.precision, input.profiles)
                                    : slowest_operations(input);
  sources_ = step_sources(input, topology_, *operations_);
}

void StepCosts::set_software(const Software& software) {
  if (software.collectives != input_.software.collectives) communicators_.clear();
  layers_.clear();
  input_.software = software;
}

const std::vector<LayerCost>& StepCosts::layers(const LayerSetting& setting, const GroupShape& tensor_group,
                                                const GroupShape& expert_group) {
  const auto found = layers_.find(setting);
  if (found != layers_.end()) return found->second;
  const LayerSettings settings{.share = {.samples = setting.samples,
                                         .tensor = setting.tensor,
                                         .expert = setting.expert,
                                         .sequence_parallel = setting.sequence_parallel},
                               .recompute = setting.recompute,
                               .tensor_group = setting.tensor > 1 ? &communicator(tensor_group) : nullptr,
                               .tensor_across_nodes = tensor_group.nodes > 1,
                               .expert_group = setting.expert > 1 ? &communicator(expert_group) : nullptr,
                               .software = &input_.software};
  std::vector<LayerCost> layers;
  layers.reserve(workload().layers.size());
  for (const Layer& layer : workload().layers) layers.push_back(layer_cost(layer, settings, *operations_));
  return layers_.emplace(setting, std::move(layers)).first->second;
}

const Communicator& StepCosts::communicator(const GroupShape& shape) {
  const auto found = communicators_.find(shape);
  if (found != communicators_.end()) return found->second;
  Communicator group(topology_, shape, software().collectives);
  use_measured(group, shape);
  if (shape.nodes > 1 && shape.ranks_per_node > 1)
    group.never_below(communicator({.ranks_per_node = shape.ranks_per_node}));
  return communicators_.emplace(shape, std::move(group)).first->second;
}

void StepCosts::use_measured(Communicator& group, const GroupShape& shape) {
  if (input_.profiles == nullptr) return;
  for (const Collective collective :
       {Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather, Collective::all_to_all}) {
    auto measured = measured_group(*input_.profiles, topology_, shape, collective, software().collectives);
    if (!measured) continue;
    group.use_measured(collective, std::move(measured->time_s));
    add_source(sources_, std::move(measured->source));
  }
}

const Communicator& StepCosts::stages_link(int from, int to, const Parallelism& parallelism) {
  return communicator(
      stage_pairs_shape(parallelism, from, to, topology_.node.devices, input_.cluster.zones > 1));
}

const std::vector<Stage>& StepCosts::stages_of_pieces(const Parallelism& p) {
  StageSetting setting{pipeline_pieces(p), p.stage_layers};
  const auto found = stages_of_pieces_.find(setting);
  if (found != stages_of_pieces_.end()) return found->second;
  return stages_of_pieces_.emplace(std::move(setting), divide_into_pieces(workload(), p)).first->second;
}

const std::vector<Stage>& StepCosts::stages_of_devices(const Parallelism& p) {
  StageSetting setting{p.pipeline, p.stage_layers};
  const auto found = stages_of_devices_.find(setting);
  if (found != stages_of_devices_.end()) return found->second;
  return stages_of_devices_.emplace(std::move(setting), device_stages(workload(), p)).first->second;
}

}  // namespace spotmix::models
