// One configuration of a step, with what each of its pipeline pieces costs.
#pragma once

#include <vector>

#include "models/collectives/collectives.h"
#include "models/parallelism/layer_cost.h"
#include "models/parallelism/parallelism.h"
#include "models/parallelism/placement.h"
#include "models/parallelism/stages.h"
#include "models/step/costs.h"

namespace spotmix::models {

/// One micro-batch through one pipeline piece on one rank.
struct PieceTime {
  double forward_s = 0, backward_s = 0;  ///< With what they wait for.
  double compute_s = 0;                  ///< Of both.
  ComputeParts compute;                  ///< What it is made of, slowdowns by communication left out.
  double in_layers_s = 0;                ///< Collectives of both, hidden or not.
  double weights_s = 0;                  ///< Gathering sharded weights, scattering their gradients.
  double updated_parameters = 0;         ///< By the rank.
};

/// Points into the StepCosts that it was made with.
struct Configuration {
  Parallelism parallelism;  ///< Every default filled in.
  int global_batch = 0;
  double samples = 0;  ///< Of a micro-batch.
  int micro_batches = 0;
  GroupShapes groups;
  const Communicator* data_group = nullptr;           ///< Null for one rank.
  const Communicator* replica_group = nullptr;        ///< Of the same experts or tables; null for one rank.
  const std::vector<Stage>* stages = nullptr;         ///< One per piece.
  const std::vector<Stage>* device_stages = nullptr;  ///< One per device.
  const std::vector<LayerCost>* layers = nullptr;     ///< One per layer of the workload.
  std::vector<PieceTime> pieces;

  /// Of a device's chunk in `stages` and `pieces`.
  std::size_t place(int chunk, std::size_t device) const {
    return static_cast<std::size_t>(chunk) * static_cast<std::size_t>(parallelism.pipeline) + device;
  }
};

/// REQUIRES: the parallelism divides the devices, the batch and the layers.
Configuration configured(StepCosts& costs, const Parallelism& parallelism, int global_batch);

}  // namespace spotmix::models
