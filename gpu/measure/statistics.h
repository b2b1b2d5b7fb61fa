// What a list of timed runs is reduced to. C++17, so that the CUDA part can include it.
//
// Units: seconds. Percentiles interpolate linearly between order statistics (base/statistics/quantile.h).
#pragma once

#include <cstdint>
#include <vector>

namespace spotmix::gpu {

struct Times {
  double median_s = 0;
  double p10_s = 0;
  double p90_s = 0;
  std::int64_t count = 0;
};

/// Throws std::invalid_argument for an empty list.
Times summarize(std::vector<double> seconds);

}  // namespace spotmix::gpu
