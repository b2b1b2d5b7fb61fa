// Time of one layer's forward and backward pass for one micro-batch on one device.
#pragma once

#include "models/hardware/device.h"
#include "models/parallelism/parallelism.h"
#include "models/workload/workload.h"

namespace spotmix::models {

struct LayerSettings {
  const DeviceSpec* device = nullptr;
  Precision precision = Precision::fp32;
  double samples = 1;  ///< Of the micro-batch.
  int tensor = 1;
  bool sequence_parallel = false;
  Recompute recompute = Recompute::none;
};

struct LayerCost {
  double forward_s = 0;
  double backward_s = 0;  ///< With what is computed again.
};

/// Matrix products and memory-bound work of one repeat, no communication.
LayerCost layer_cost(const Layer& layer, const LayerSettings& settings);

/// Time of the optimizer's update of `parameters` parameters: a pass over weights, gradients and state.
double optimizer_update_s(const DeviceSpec& device, Precision precision, Optimizer optimizer,
                          double parameters);

}  // namespace spotmix::models
