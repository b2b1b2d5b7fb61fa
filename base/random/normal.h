// Normally distributed numbers from a stream.
#pragma once

#include <cmath>

#include "base/random/random.h"

namespace spotmix {

/// Standard normal, by Marsaglia's polar method (Marsaglia and Bray 1964): the same bits on every machine, as
/// all of the stream.
inline double standard_normal(RandomStream& random) {
  for (;;) {
    const double u = 2 * random.uniform() - 1, v = 2 * random.uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * reproducible_log(s) / s);
  }
}

}  // namespace spotmix
