#include "models/parallelism/layer_cost.h"

#include <algorithm>

namespace spotmix::models {
namespace {

// The update streams through memory at this share of its bandwidth, after a fixed cost of launching it over
// many tensors and of checking the gradients for overflow (docs/fitted_constants.md).
constexpr double kUpdateShare = 0.85;

struct Work {
  double device_s = 0;
  double kernels = 0;
};

/// `slowdown` applies to the products that tensor parallelism could split.
void add_products(Work& work, const std::vector<MatrixProduct>& products, const RankShare& share,
                  const OperationCosts& costs, double slowdown) {
  for (const MatrixProduct& product : products) {
    work.device_s +=
        (product.split == Split::none ? 1 : slowdown) * costs.product_s(rank_product(product, share));
    work.kernels += product.times;
  }
}

bool is_attention_core(const MatrixProduct& product) {
  return product.split == Split::batch;
}

/// Selective recomputation does the scores, their softmax and the weighted values again.
void add_attention_again(Work& work, const Layer& layer, const RankShare& share,
                         const OperationCosts& costs) {
  for (const MatrixProduct& product : layer.forward) {
    if (!is_attention_core(product) || product.kind == ProductKind::fused_attention) continue;
    work.device_s += costs.product_s(rank_product(product, share));
    work.kernels += product.times;
  }
  for (const MemoryWork& memory : layer.memory_work) {
    if (memory.divided != Divided::by_tensor || !memory.attention_scores) continue;
    const double elements = memory.elements * share.samples / divisor(memory.divided, share);
    work.device_s += costs.stream_s(memory.kind, elements * memory.forward_passes, memory.forward_kernels);
    work.kernels += memory.forward_kernels;
  }
}

struct Exchange {
  double time_s = 0;
  double count = 0;
};

Exchange tensor_exchange(const Layer& layer, double reductions, const LayerSettings& settings,
                         const OperationCosts& costs) {
  if (settings.tensor_group == nullptr || reductions == 0) return {};
  const double bytes = layer.reduction_elements * settings.share.samples * costs.activation_element_bytes();
  if (!settings.share.sequence_parallel) {
    return {reductions * settings.tensor_group->time_s(Collective::all_reduce, bytes), reductions};
  }
  const double pair_s = settings.tensor_group->time_s(Collective::reduce_scatter, bytes) +
                        settings.tensor_group->time_s(Collective::all_gather, bytes);
  return {reductions * pair_s, 2 * reductions};
}

Exchange expert_exchange(const Layer& layer, const LayerSettings& settings, const OperationCosts& costs) {
  if (settings.expert_group == nullptr || layer.expert_exchange_elements == 0) return {};
  const double bytes =
      layer.expert_exchange_elements * settings.share.samples * costs.activation_element_bytes();
  return {2 * settings.expert_group->time_s(Collective::all_to_all, bytes), 2};
}

double pairs_of(int ranks) {
  return ranks * (ranks - 1) / 2.0;
}

/// Adding the micro-batch's weight gradients to those before: the sum is read and written, the gradient read.
double accumulation_s(const Layer& layer, const RankShare& share, const OperationCosts& costs) {
  const double dense = layer.parameters - layer.sparse_parameters;
  const double replicated = dense - layer.split_parameters - layer.expert_parameters;
  const double held = replicated + layer.split_parameters / share.tensor +
                      layer.expert_parameters / share.tensor / share.expert;
  return held > 0 ? costs.stream_s(MemoryKind::elementwise, 3 * held, 0) : 0;
}

}  // namespace

LayerCost layer_cost(const Layer& layer, const LayerSettings& settings, const OperationCosts& costs) {
  const RankShare& share = settings.share;
  Work forward, backward;
  const bool whole_vocabulary = layer.kind == LayerKind::head && share.tensor == 1;
  const double slowdown =
      whole_vocabulary && settings.software != nullptr ? settings.software->vocabulary_slowdown : 1;
  add_products(forward, layer.forward, share, costs, slowdown);
  add_products(backward, layer.input_gradient, share, costs, slowdown);
  add_products(backward, layer.weight_gradient, share, costs, slowdown);
  for (const MemoryWork& memory : layer.memory_work) {
    const double elements = memory.elements * share.samples / divisor(memory.divided, share);
    forward.device_s += costs.stream_s(memory.kind, elements * memory.forward_passes, memory.forward_kernels);
    backward.device_s +=
        costs.stream_s(memory.kind, elements * memory.backward_passes, memory.backward_kernels);
    forward.kernels += memory.forward_kernels;
    backward.kernels += memory.backward_kernels;
  }

  backward.device_s += accumulation_s(layer, share, costs);

  const Exchange expert = expert_exchange(layer, settings, costs);
  Exchange forward_exchange = tensor_exchange(layer, layer.forward_reductions, settings, costs);
  Exchange backward_exchange = tensor_exchange(layer, layer.backward_reductions, settings, costs);
  for (Exchange* exchange : {&forward_exchange, &backward_exchange}) {
    exchange->time_s += expert.time_s;
    exchange->count += expert.count;
  }

  Work again;
  Exchange again_exchange;
  if (settings.recompute == Recompute::full && layer.recomputable) {
    again = forward;
    again_exchange = forward_exchange;
  } else if (settings.recompute == Recompute::selective && layer.recomputable) {
    add_attention_again(again, layer, share, costs);
  }

  const Software host = settings.software != nullptr ? *settings.software : Software{};
  const double collective_s = host.collective_dispatch_s + host.rank_delay_s * pairs_of(share.tensor);
  LayerCost cost;
  cost.forward = {.device_s = host.kernel_slowdown * forward.device_s,
                  .host_s = forward.kernels * host.forward_dispatch_s + forward_exchange.count * collective_s,
                  .communication_s = forward_exchange.time_s};
  cost.backward = {.device_s = host.kernel_slowdown * (backward.device_s + again.device_s),
                   .host_s = backward.kernels * host.backward_dispatch_s +
                             again.kernels * host.forward_dispatch_s +
                             (backward_exchange.count + again_exchange.count) * collective_s +
                             (again.kernels > 0 ? host.checkpoint_dispatch_s : 0),
                   .communication_s = backward_exchange.time_s + again_exchange.time_s};
  return cost;
}

double optimizer_update_s(const DeviceSpec& device, Optimizer optimizer, double parameters) {
  double moments = 0;
  if (optimizer == Optimizer::momentum) moments = 1;
  if (optimizer == Optimizer::adam || optimizer == Optimizer::lamb) moments = 2;
  const double bytes = parameters * 4 * (1 + 2 * (1 + moments));
  return bytes / (kUpdateShare * device.memory_bytes_per_s);
}

}  // namespace spotmix::models
