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

Software megatron_software(Precision precision) {
  return {.name = "Megatron-LM",
          .forward_dispatch_s = 10e-6,
          .backward_dispatch_s = 6e-6,
          .checkpoint_dispatch_s = 2.39e-3,
          .collective_dispatch_s = 20e-6,
          .rank_delay_s = 7.2e-6,
          .micro_batch_s = 2.98e-3,
          .update_s = 0.69e-3,
          .collective_slowdown = 1.24,
          .network_slowdown = 1.31,
          .gradient_slowdown = 4.3,
          .gradient_copies = 3,
          .vocabulary_slowdown = 2.1,
          .collectives = Library::nccl_2020,
          .fp32_gradients = precision == Precision::bf16,
          .fused_accumulation = true,
          .overlap = false};
}

Software composer_software(Architecture architecture) {
  Software software = eager_software();
  software.name = "llm-foundry";
  const bool hopper = architecture >= Architecture::hopper;
  software.kernel_slowdown = hopper ? 1.045 : 1.006;
  software.attention_slowdown = hopper ? 3.16 : 1.72;
  software.stream_slowdown = hopper ? 3.85 : 2.70;
  return software;
}

Software captured_software() {
  return {};
}

}  // namespace spotmix::models
