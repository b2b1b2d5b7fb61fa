#include "models/parallelism/software.h"

namespace spotmix::models {

Software eager_software() {
  return {.name = "eager",
          .forward_dispatch_s = 8e-6,
          .backward_dispatch_s = 5e-6,
          .checkpoint_dispatch_s = 100e-6,
          .collective_dispatch_s = 20e-6,
          .update_s = 0.8e-3};
}

Software megatron_software() {
  return {.name = "Megatron-LM",
          .forward_dispatch_s = 10e-6,
          .backward_dispatch_s = 6e-6,
          .checkpoint_dispatch_s = 2.62e-3,
          .collective_dispatch_s = 20e-6,
          .rank_delay_s = 7e-6,
          .micro_batch_s = 0.39e-3,
          .update_s = 0.84e-3,
          .vocabulary_slowdown = 1.87,
          .collectives = Library::nccl_2020,
          .overlap = false};
}

Software captured_software() {
  return {};
}

}  // namespace spotmix::models
