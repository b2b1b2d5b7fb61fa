#include "models/memory/memory.h"

#include <algorithm>

namespace spotmix::models {
namespace {

// CUDA context, cuDNN and cuBLAS workspaces and NCCL channels as nvidia-smi shows them for an idle framework
// process.
constexpr double kReservedBytes = 1.2 * 1073741824.0;

double kept_bytes(const Kept& kept, double element_size) {
  return kept.elements * element_size + kept.mask_bytes;
}

bool is_mixed(Precision precision) {
  return element_bytes(precision) < 4;
}

/// Activations and their gradients stay in 16 bits when products run in 8.
double activation_element_bytes(Precision precision) {
  return std::max(2.0, element_bytes(precision));
}

constexpr double kMomentBytes = 4;

double layer_activation_bytes(const Layer& layer, const MemorySettings& settings) {
  const Parallelism& p = settings.parallelism;
  const double element = activation_element_bytes(settings.precision);
  const double tensor = p.tensor;
  const double sequence = p.sequence_parallel ? tensor : 1;
  if (p.recompute == Recompute::full && layer.recomputable) return layer.activations.input_elements * element;
  double bytes = kept_bytes(layer.activations.replicated, element) / sequence +
                 kept_bytes(layer.activations.split, element) / tensor;
  if (p.recompute == Recompute::none) bytes += kept_bytes(layer.activations.attention, element) / tensor;
  return bytes;
}

MemoryUse stage_memory(const Workload& workload, const Stage& stage, const MemorySettings& settings,
                       int index) {
  const Parallelism& p = settings.parallelism;
  const ParameterBytes per =
      bytes_per_parameter(settings.precision, settings.optimizer, settings.fp32_gradients);
  const HeldParameters held = held_parameters(workload, stage, p);
  const auto shared = [&](Sharding from) { return sharded_parameters(held, p, from); };
  MemoryUse use;
  use.parameters_bytes = per.weights * shared(Sharding::parameters) + kTableParameterBytes * held.tables;
  use.gradients_bytes = per.gradients * shared(Sharding::gradients) +
                        kTableParameterBytes * held.met * micro_batch_samples(p, settings.global_batch);
  use.optimizer_bytes =
      per.optimizer * shared(Sharding::optimizer) + kMomentBytes * moments(settings.optimizer) * held.tables;
  const int batches = micro_batches(p, settings.global_batch);
  use.activations_bytes =
      activation_bytes(workload, stage, settings) * micro_batches_in_flight(p, index, batches) +
      recomputed_bytes(workload, stage, settings);
  if (p.data > 1)
    use.buffers_bytes += std::min(2 * p.bucket_bytes, per.gradients * (held.dense + held.experts));
  if (p.sharding == Sharding::parameters) {
    // Two layers' weights are gathered at a time: the one in use and the next.
    double largest = 0;
    for (const LayerShare& share : stage) {
      const HeldParameters one = held_parameters(workload, {{share.layer, 1}}, p);
      largest = std::max(largest, one.dense + one.experts);
    }
    use.buffers_bytes += 2 * largest * per.weights;
  }
  use.buffers_bytes += workload.input_bytes * micro_batch_samples(p, settings.global_batch);
  use.reserved_bytes = kReservedBytes;
  return use;
}

}  // namespace

ParameterBytes bytes_per_parameter(Precision precision, Optimizer optimizer, bool fp32_gradients) {
  const bool mixed = is_mixed(precision);
  const double weights = mixed ? 2 : 4;
  const double gradients = mixed && !fp32_gradients ? 2 : 4;
  return {weights, gradients, kMomentBytes * (moments(optimizer) + (mixed ? 1 : 0))};
}

HeldParameters held_parameters(const Workload& workload, const Stage& stage, const Parallelism& p) {
  HeldParameters held;
  for (const LayerShare& share : stage) {
    const Layer& layer = workload.layers[share.layer];
    const double replicated =
        layer.parameters - layer.split_parameters - layer.expert_parameters - layer.sparse_parameters;
    if (stage.front().layer > 0) held.dense += layer.tied_parameters / p.tensor;
    held.dense += share.count * (replicated + layer.split_parameters / p.tensor);
    held.experts += share.count * layer.expert_parameters / (p.tensor * p.expert);
    held.tables += share.count * layer.sparse_parameters / p.expert;
    if (layer.sparse_parameters > 0) held.met += share.count * layer.output_elements;
  }
  return held;
}

double sharded_parameters(const HeldParameters& held, const Parallelism& p, Sharding from) {
  if (p.sharding < from) return held.dense + held.experts;
  return held.dense / p.data + held.experts * p.expert / p.data;
}

double activation_bytes(const Workload& workload, const Stage& stage, const MemorySettings& settings) {
  const double samples = micro_batch_samples(settings.parallelism, settings.global_batch);
  double sum = 0;
  for (const LayerShare& share : stage) {
    sum += share.count * samples * layer_activation_bytes(workload.layers[share.layer], settings);
  }
  return sum;
}

double recomputed_bytes(const Workload& workload, const Stage& stage, const MemorySettings& settings) {
  if (settings.parallelism.recompute != Recompute::full) return 0;
  const double samples = micro_batch_samples(settings.parallelism, settings.global_batch);
  MemorySettings whole = settings;
  whole.parallelism.recompute = Recompute::none;
  double largest = 0;
  for (const LayerShare& share : stage) {
    largest = std::max(largest, samples * layer_activation_bytes(workload.layers[share.layer], whole));
  }
  return largest;
}

double micro_batches_in_flight(const Parallelism& p, int stage, int micro_batches) {
  if (p.pipeline == 1) return 1;
  if (p.schedule == PipelineSchedule::gpipe) return micro_batches;
  const double plain = std::min(p.pipeline - stage, micro_batches);
  if (p.schedule == PipelineSchedule::interleaved && p.chunks > 1) {
    return plain * (1 + (p.pipeline - 1.0) / (static_cast<double>(p.pipeline) * p.chunks));
  }
  return plain;
}

MemoryUse memory_per_device(const Workload& workload, const MemorySettings& settings) {
  return memory_per_device(workload, device_stages(workload, settings.parallelism), settings);
}

MemoryUse memory_per_device(const Workload& workload, const std::vector<Stage>& stages,
                            const MemorySettings& settings) {
  MemoryUse worst;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const MemoryUse use = stage_memory(workload, stages[i], settings, static_cast<int>(i));
    if (i == 0 || use.total_bytes() > worst.total_bytes()) worst = use;
  }
  return worst;
}

}  // namespace spotmix::models
