#include "models/parallelism/software.h"

#include <array>

namespace spotmix::models {

const Software& software(SoftwareKind kind) {
  static constexpr std::array<Software, 3> kAll{{
      {.name = "eager",
       .forward_dispatch_s = 8e-6,
       .backward_dispatch_s = 5e-6,
       .checkpoint_dispatch_s = 100e-6,
       .collective_dispatch_s = 20e-6},
      {.name = "megatron",
       .forward_dispatch_s = 30e-6,
       .backward_dispatch_s = 30e-6,
       .checkpoint_dispatch_s = 600e-6,
       .collective_dispatch_s = 50e-6,
       .rank_jitter_s = 0,
       .collectives = Library::nccl_2020,
       .overlap = false},
      {.name = "captured"},
  }};
  return kAll[static_cast<std::size_t>(kind)];
}

}  // namespace spotmix::models
