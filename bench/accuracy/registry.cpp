#include "bench/accuracy/registry.h"

#include <array>

namespace spotmix::accuracy {

std::span<const NamedScorer> scorers() {
  static constexpr std::array kScorers{
      NamedScorer{"collectives", score_collectives},
  };
  return kScorers;
}

}  // namespace spotmix::accuracy
