// Quantiles and medians of a sample, each with the definition that it follows.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace spotmix {

/// What a quantile is that falls between two values of the sample.
enum class Between {
  linear,  ///< On the line through both (Hyndman and Fan 1996, type 7).
  lower,   ///< The lower of the two.
  upper,   ///< The upper of the two.
};

/// The value at position (n − 1) p of a sample in ascending order, counted from 0.
/// REQUIRES: `sorted` is not empty; 0 ≤ p ≤ 1.
inline double quantile(std::span<const double> sorted, double p, Between between = Between::linear) {
  assert(!sorted.empty());
  assert(p >= 0 && p <= 1);
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const auto below = static_cast<std::size_t>(position);
  const double fraction = position - static_cast<double>(below);
  if (fraction == 0 || between == Between::lower) return sorted[below];
  if (between == Between::upper) return sorted[below + 1];
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

/// The middle value; of an even number, the mean of the two in the middle, rounded once.
/// REQUIRES: `sample` is not empty.
inline double median(std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  return std::midpoint(quantile(sample, 0.5, Between::lower), quantile(sample, 0.5, Between::upper));
}

/// The middle value; of an even number, the upper of the two in the middle: a value of the sample.
/// REQUIRES: `sample` is not empty.
inline double upper_median(std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  return quantile(sample, 0.5, Between::upper);
}

/// The first of the values in ascending order, each with its weight, such that it and those before it have
/// `percent` of the whole weight (Hyndman and Fan 1996, type 1). Exact, for values that do not interpolate.
/// REQUIRES: `sorted` is not empty; weights are not negative; 0 ≤ percent ≤ 100.
template <class Value>
Value weighted_quantile(const std::vector<std::pair<Value, std::int64_t>>& sorted, int percent) {
  assert(!sorted.empty());
  assert(percent >= 0 && percent <= 100);
  __extension__ using Wide = __int128;
  Wide whole = 0;
  for (const auto& [value, weight] : sorted) {
    assert(weight >= 0);
    whole += weight;
  }
  Wide upto = 0;
  for (const auto& [value, weight] : sorted) {
    upto += weight;
    if (upto * 100 >= whole * percent) return value;
  }
  return sorted.back().first;
}

}  // namespace spotmix
