// The training software: what it costs the host to ask for work, and what it does otherwise than the bare
// kernels.
//
// A device that runs short kernels waits for the host, which needs some microseconds of Python, autograd and
// driver for each kernel. The figures of each software are data: models/stacks/*.json.
#pragma once

#include <string>

#include "models/collectives/collectives.h"

namespace spotmix::models {

struct Software {
  std::string name = "captured";
  double forward_dispatch_s = 0;   ///< Host time per kernel of forward.
  double backward_dispatch_s = 0;  ///< Host time per kernel of backward.
  double checkpoint_dispatch_s =
      0;  ///< Host time per layer computed again: random states saved and restored.
  double collective_dispatch_s = 0;  ///< Host time per collective.
  /// Host-bound ranks keep one another waiting at the collectives of a layer: so long per collective and pair
  /// of ranks.
  double rank_delay_s = 0;
  double micro_batch_s = 0;         ///< Per micro-batch, on the last stage: the loss, its scaling, the loop.
  double update_s = 0;              ///< Per step: overflow checks, norms, launching the update.
  double kernel_slowdown = 1;       ///< Time of matrix products in a training program ÷ in the profile.
  double convolution_slowdown = 1;  ///< The same of convolutions, ÷ the matrix product of equal extents.
  double attention_slowdown = 1;    ///< The same of fused attention.
  double stream_slowdown = 1;  ///< The same of memory-bound work: fusions that are not made, precisions cast.
  double collective_slowdown =
      1;  ///< Of collectives inside a layer, whose ranks never arrive together, ÷ back to back.
  double network_slowdown = 1;  ///< Of collectives across nodes, on top of that.
  /// Of exchanges of gradients across nodes by groups with several ranks in a node, ÷ an even share of all
  /// adapters.
  double gradient_slowdown = 1;
  double gradient_copies = 0;  ///< Copies of the gradients that their exchange needs: flattening and back.
  double vocabulary_slowdown =
      1;                     ///< Of the products with the whole vocabulary, on ranks that do not split it.
  double phase_start_s = 0;  ///< Between two phases of training: loaders restart, kernels are tried out.
  Library collectives = Library::nccl;
  bool fp32_gradients = false;  ///< Gradients accumulate in fp32.
  /// Weight gradients are added to the sum of the micro-batches inside the products that compute them, whose
  /// arithmetic hides the traffic.
  bool fused_accumulation = false;
  bool overlap = true;  ///< Gradients are exchanged while backward runs.
};

}  // namespace spotmix::models
