// What the files of the estimator share: seconds against ticks, and computing beside a collective.
#pragma once

#include <cmath>

#include "base/units/time.h"
#include "models/collectives/collectives.h"

namespace spotmix::models {

inline StepDuration picoseconds(double time_s) {
  return StepDuration{std::llround(time_s * 1e12)};
}
inline double in_seconds(StepDuration time) {
  return static_cast<double>(time.count()) * 1e-12;
}

/// While a collective runs beside it, a device computes slower by this share: its kernels share
/// multiprocessors and memory with the copies (docs/fitted_constants.md).
inline double compute_slowdown(const GroupShape& group) {
  return group.nodes > 1 ? 0.02 : 0.15;
}

}  // namespace spotmix::models
