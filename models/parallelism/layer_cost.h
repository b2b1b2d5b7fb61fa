// Time of one layer's forward and backward pass for one micro-batch on one rank.
#pragma once

#include "models/hardware/device.h"
#include "models/parallelism/operation_costs.h"
#include "models/parallelism/parallelism.h"
#include "models/stacks/software.h"
#include "models/workload/workload.h"

namespace spotmix::models {

struct LayerSettings {
  RankShare share;
  Recompute recompute = Recompute::none;
  const Communicator* tensor_group = nullptr;  ///< Null where tensor is 1.
  bool tensor_across_nodes = false;
  const Communicator* expert_group = nullptr;  ///< Null where expert is 1.
  const Software* software = nullptr;          ///< Null: the host costs nothing.
};

/// What computing is made of, by where its times come from.
struct ComputeParts {
  double products_s = 0;   ///< Matrix products.
  double attention_s = 0;  ///< Fused attention.
  double memory_s = 0;     ///< Memory-bound work.
  double framework_s = 0;  ///< The device waits for the host.

  double total_s() const { return products_s + attention_s + memory_s + framework_s; }
  void add(const ComputeParts& other, double times) {
    products_s += times * other.products_s;
    attention_s += times * other.attention_s;
    memory_s += times * other.memory_s;
    framework_s += times * other.framework_s;
  }
};

/// One direction. The host asks ahead of the device, so the pass takes the longer of the two.
struct PassCost {
  double device_s = 0;         ///< Kernels, one after the other.
  double host_s = 0;           ///< Asking for them.
  double communication_s = 0;  ///< Collectives that the next kernel waits for.
  double products_s = 0;       ///< Matrix products, in device_s.
  double attention_s = 0;      ///< Fused attention, in device_s.

  double compute_s() const { return device_s > host_s ? device_s : host_s; }
  double total_s() const { return device_s + communication_s > host_s ? device_s + communication_s : host_s; }
  /// Of compute_s().
  ComputeParts parts() const {
    return {products_s, attention_s, device_s - products_s - attention_s, compute_s() - device_s};
  }
};

struct LayerCost {
  PassCost forward;
  PassCost backward;  ///< With what is computed again.
};

/// If backward computes the product of the layer's forward pass again.
bool is_computed_again(const Layer& layer, const MatrixProduct& product, Recompute recompute);

LayerCost layer_cost(const Layer& layer, const LayerSettings& settings, const OperationCosts& costs);

/// Time of the optimizer's update of `parameters` parameters: fp32 weights, moments and gradients are read,
/// weights and moments written.
double optimizer_update_s(const DeviceSpec& device, Optimizer optimizer, double parameters);

}  // namespace spotmix::models
