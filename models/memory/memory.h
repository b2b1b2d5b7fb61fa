// Bytes that training holds on one device, by part.
//
// Bytes per parameter under mixed precision: weights 2, gradients 2 (4 where they accumulate in fp32), and
// for Adam a fp32 copy with two moments, 12 (Rajbhandari et al. 2020, arXiv 1910.02054). Activations per
// transformer layer follow Korthikanti et al. 2022 (arXiv 2205.05198).
#pragma once

#include "models/hardware/device.h"
#include "models/parallelism/parallelism.h"
#include "models/parallelism/stages.h"
#include "models/workload/workload.h"

namespace spotmix::models {

struct MemoryUse {
  double parameters_bytes = 0;
  double gradients_bytes = 0;
  double optimizer_bytes = 0;
  double activations_bytes = 0;
  double buffers_bytes = 0;   ///< Communication buckets, gathered weights, the input batch.
  double reserved_bytes = 0;  ///< What the driver, the runtime and the allocator keep.

  double total_bytes() const {
    return parameters_bytes + gradients_bytes + optimizer_bytes + activations_bytes + buffers_bytes +
           reserved_bytes;
  }
};

struct MemorySettings {
  Precision precision = Precision::fp32;
  Optimizer optimizer = Optimizer::momentum;
  bool fp32_gradients = false;  ///< Under mixed precision, gradients accumulate in fp32 (Megatron-LM does).
  Parallelism parallelism;
  int global_batch = 0;
};

/// Bytes of weights, of gradients and of optimizer state for one parameter, before sharding.
struct ParameterBytes {
  double weights, gradients, optimizer;
};
ParameterBytes bytes_per_parameter(Precision precision, Optimizer optimizer, bool fp32_gradients);

/// Parameters that one rank of a stage holds, before sharding over the ranks that hold the same.
struct HeldParameters {
  double dense = 0;    ///< Held by every data-parallel rank.
  double experts = 0;  ///< Held by every rank with the same part of the experts.
  double tables =
      0;           ///< Rows of lookup tables, held by every rank with the same part of them. Never sharded.
  double met = 0;  ///< Numbers in the rows of tables that one sample looks up.
};
HeldParameters held_parameters(const Workload& workload, const Stage& stage, const Parallelism& parallelism);

/// Of them all but tables, after sharding of kind `from` or further.
double sharded_parameters(const HeldParameters& held, const Parallelism& parallelism, Sharding from);

/// Tables stay in 32 bits and have no copies: a batch updates the rows that it meets in place.
inline constexpr double kTableParameterBytes = 4;

/// Bytes of activations that one micro-batch leaves on one rank of `stage` until its backward pass.
double activation_bytes(const Workload& workload, const Stage& stage, const MemorySettings& settings);

/// Bytes of the largest layer that full recomputation brings back, one at a time; 0 without it.
double recomputed_bytes(const Workload& workload, const Stage& stage, const MemorySettings& settings);

/// Micro-batches whose activations stage `stage` of `stages` holds at the worst moment: GPipe all m, 1F1B
/// min(stages − stage, m), interleaved as many times (1 + (p − 1) ÷ (p·chunks)).
double micro_batches_in_flight(const Parallelism& parallelism, int stage, int micro_batches);

/// Of the device that needs most.
MemoryUse memory_per_device(const Workload& workload, const MemorySettings& settings);

/// The same with the stages already cut, one per pipeline device.
MemoryUse memory_per_device(const Workload& workload, const std::vector<Stage>& stages,
                            const MemorySettings& settings);

}  // namespace spotmix::models
