#include "models/parallelism/layer_cost.h"

#include "models/parallelism/operation_figures.h"

namespace spotmix::models {
namespace {

/// Adds up what a pass asks of the device.
class Work {
 public:
  Work(const LayerSettings& settings, const OperationCosts& costs)
      : settings_(settings),
        software_(settings.software != nullptr ? *settings.software : Software{}),
        costs_(costs) {}

  /// `vocabulary`: the products span the whole vocabulary.
  void add(const MatrixProduct& product, bool vocabulary = false) {
    double slowdown = slowdown_of(product.kind);
    if (vocabulary && settings_.share.tensor == 1) slowdown *= software_.vocabulary_slowdown;
    const double product_s = slowdown * costs_.product_s(rank_product(product, settings_.share));
    device_s_ += product_s;
    if (product.kind == ProductKind::fused_attention)
      attention_s_ += product_s;
    else if (product.kind != ProductKind::depthwise)
      products_s_ += product_s;
    kernels_ += product.times;
  }

  void add(const MemoryWork& work, double passes, double kernels) {
    const double elements = work.elements * settings_.share.samples / divisor(work.divided, settings_.share);
    device_s_ += software_.stream_slowdown * costs_.stream_s(work.kind, elements * passes, kernels);
    kernels_ += kernels;
  }

  /// Passes over memory that no kernel of their own makes.
  void add_stream(double elements) {
    device_s_ += software_.stream_slowdown * costs_.stream_s(MemoryKind::elementwise, elements, 0);
  }

  double device_s() const { return device_s_; }
  double products_s() const { return products_s_; }
  double attention_s() const { return attention_s_; }
  double kernels() const { return kernels_; }

 private:
  double slowdown_of(ProductKind kind) const {
    switch (kind) {
      case ProductKind::fused_attention:
        return software_.attention_slowdown;
      case ProductKind::convolution:
        return software_.convolution_slowdown;
      case ProductKind::depthwise:
        return software_.stream_slowdown;
      case ProductKind::dense:
        break;
    }
    return software_.kernel_slowdown;
  }

  const LayerSettings& settings_;
  Software software_;
  const OperationCosts& costs_;
  double device_s_ = 0;
  double products_s_ = 0;
  double attention_s_ = 0;
  double kernels_ = 0;
};

void add_forward(Work& work, const Layer& layer) {
  for (const MatrixProduct& product : layer.forward) {
    work.add(product, layer.kind == LayerKind::head && product.split != Split::none);
  }
  for (const MemoryWork& memory : layer.memory_work)
    work.add(memory, memory.forward_passes, memory.forward_kernels);
}

/// Adding the micro-batch's weight gradients to those before: the sum is read and written, the gradient read.
void add_accumulation(Work& work, const Layer& layer, const RankShare& share) {
  const double dense = layer.parameters - layer.sparse_parameters;
  const double replicated = dense - layer.split_parameters - layer.expert_parameters;
  const double held = replicated + layer.split_parameters / share.tensor +
                      layer.expert_parameters / share.tensor / share.expert;
  if (held > 0) work.add_stream(3 * held);
}

void add_backward(Work& work, const Layer& layer) {
  for (const auto* products : {&layer.input_gradient, &layer.weight_gradient}) {
    for (const MatrixProduct& product : *products) {
      work.add(product, layer.kind == LayerKind::head && product.split != Split::none);
    }
  }
  for (const MemoryWork& memory : layer.memory_work)
    work.add(memory, memory.backward_passes, memory.backward_kernels);
}

/// Selective recomputation does the scores, their softmax and the weighted values again.
void add_attention_again(Work& work, const Layer& layer) {
  for (const MatrixProduct& product : layer.forward) {
    if (is_computed_again(layer, product, Recompute::selective)) work.add(product);
  }
  for (const MemoryWork& memory : layer.memory_work) {
    if (memory.attention_scores) work.add(memory, memory.forward_passes, memory.forward_kernels);
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

/// Tokens travel to their experts and back; rows of tables to the ranks that asked for them, their gradients
/// the other way.
Exchange expert_exchange(const Layer& layer, const LayerSettings& settings, const OperationCosts& costs) {
  if (settings.expert_group == nullptr) return {};
  if (layer.sparse_parameters > 0) {
    const double bytes = layer.output_elements * settings.share.samples * costs.activation_element_bytes();
    return {settings.expert_group->time_s(Collective::all_to_all, bytes), 1};
  }
  if (layer.expert_exchange_elements == 0) return {};
  const double bytes =
      layer.expert_exchange_elements * settings.share.samples * costs.activation_element_bytes();
  return {2 * settings.expert_group->time_s(Collective::all_to_all, bytes), 2};
}

Exchange operator+(const Exchange& a, const Exchange& b) {
  return {a.time_s + b.time_s, a.count + b.count};
}

double pairs_of(int ranks) {
  return ranks * (ranks - 1) / 2.0;
}

}  // namespace

bool is_computed_again(const Layer& layer, const MatrixProduct& product, Recompute recompute) {
  if (!layer.recomputable || recompute == Recompute::none) return false;
  return recompute == Recompute::full ||
         (product.split == Split::batch && product.kind != ProductKind::fused_attention);
}

LayerCost layer_cost(const Layer& layer, const LayerSettings& settings, const OperationCosts& costs) {
  Work forward(settings, costs), backward(settings, costs), again(settings, costs);
  add_forward(forward, layer);
  add_backward(backward, layer);
  const Software host = settings.software != nullptr ? *settings.software : Software{};
  if (!host.fused_accumulation) add_accumulation(backward, layer, settings.share);
  const Exchange expert = expert_exchange(layer, settings, costs);
  const Exchange forward_exchange =
      expert + tensor_exchange(layer, layer.forward_reductions, settings, costs);
  Exchange backward_exchange = expert + tensor_exchange(layer, layer.backward_reductions, settings, costs);
  if (layer.recomputable && settings.recompute == Recompute::full) {
    add_forward(again, layer);
    backward_exchange = backward_exchange + forward_exchange;
  } else if (layer.recomputable && settings.recompute == Recompute::selective) {
    add_attention_again(again, layer);
  }

  const double slowed = host.collective_slowdown * (settings.tensor_across_nodes ? host.network_slowdown : 1);
  const double collective_s =
      host.collective_dispatch_s + host.rank_delay_s * pairs_of(settings.share.tensor);
  LayerCost cost;
  cost.forward = {
      .device_s = forward.device_s(),
      .host_s = forward.kernels() * host.forward_dispatch_s + forward_exchange.count * collective_s,
      .communication_s = slowed * forward_exchange.time_s,
      .products_s = forward.products_s(),
      .attention_s = forward.attention_s()};
  cost.backward = {.device_s = backward.device_s() + again.device_s(),
                   .host_s = backward.kernels() * host.backward_dispatch_s +
                             again.kernels() * host.forward_dispatch_s +
                             backward_exchange.count * collective_s +
                             (again.kernels() > 0 ? host.checkpoint_dispatch_s : 0),
                   .communication_s = slowed * backward_exchange.time_s,
                   .products_s = backward.products_s() + again.products_s(),
                   .attention_s = backward.attention_s() + again.attention_s()};
  return cost;
}

double optimizer_update_s(const DeviceSpec& device, Optimizer optimizer, double parameters) {
  const double bytes = parameters * 4 * (1 + 2 * (1 + moments(optimizer)));
  return bytes / (operation_figures().update_share * device.memory_bytes_per_s);
}

}  // namespace spotmix::models
