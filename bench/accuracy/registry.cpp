#include "bench/accuracy/registry.h"

#include <array>

namespace spotmix::accuracy {

std::span<const NamedScorer> scorers() {
  static constexpr std::array kScorers{
      NamedScorer{"collectives", score_collectives},
      NamedScorer{"kernels", score_kernels},
  };
  return kScorers;
}

}  // namespace spotmix::accuracy
