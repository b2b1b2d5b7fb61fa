// Makes an error small by trying each positive constant a little larger and a little smaller, in ever finer
// steps. Deterministic, needs no derivative; meant for a handful of constants whose start is physical.
#pragma once

#include <array>
#include <functional>

namespace spotmix::accuracy {

template <std::size_t Count>
std::array<double, Count> pattern_search(
    std::array<double, Count> best, const std::function<double(const std::array<double, Count>&)>& error_of) {
  constexpr double kLeastGain = 1e-9;
  double error = error_of(best);
  for (const double step : {1.5, 1.2, 1.08, 1.03, 1.01}) {
    for (bool better = true; better;) {
      better = false;
      for (std::size_t i = 0; i < Count; ++i) {
        for (const double factor : {step, 1.0 / step}) {
          std::array<double, Count> trial = best;
          trial[i] *= factor;
          const double trial_error = error_of(trial);
          if (trial_error >= error - kLeastGain) continue;
          best = trial;
          error = trial_error;
          better = true;
        }
      }
    }
  }
  return best;
}

}  // namespace spotmix::accuracy
