// The training software: what it costs the host to ask for work, and which parts of a step it can hide.
//
// A device that runs short kernels waits for the host, which needs some microseconds of Python, autograd and
// driver for each kernel. Fitted constants: docs/fitted_constants.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "models/collectives/collectives.h"

namespace spotmix::models {

struct Software {
  std::string_view name;
  double forward_dispatch_s = 0;   ///< Host time per kernel of forward.
  double backward_dispatch_s = 0;  ///< Host time per kernel of backward.
  double checkpoint_dispatch_s =
      0;  ///< Host time per layer that is recomputed: random states saved and restored.
  double collective_dispatch_s = 0;  ///< Host time per collective.
  double rank_jitter_s = 0;  ///< Spread of a layer's host time among the ranks that meet in its collectives.
  Library collectives = Library::nccl;
  bool fp32_gradients = false;  ///< Gradients accumulate in fp32.
  bool overlap = true;          ///< Gradients are exchanged while backward runs.
};

enum class SoftwareKind : std::uint8_t { eager, megatron, captured };

/// eager: PyTorch, TensorFlow and MXNet asking kernel by kernel. megatron: Megatron-LM. captured: a whole
/// step replayed as one graph, no host time per kernel.
const Software& software(SoftwareKind kind);

}  // namespace spotmix::models
