// The natural logarithm from additions, multiplications and one division only, so that it has the same bits
// on every machine with IEEE-754 doubles (C libraries differ in the last bit, and change between versions).
//
// x = 2^k m with m in [√½, √2), f = m − 1, s = f ÷ (2 + f). Then log m = 2 atanh s = f − (f²/2 − s (f²/2 +
// R)) with R = 2 s² (1/3 + s²/5 + s⁴/7 + …), Abramowitz and Stegun 4.1.27 rearranged so that the large term f
// is exact. |s| ≤ 0.1716, and the series is cut where a term is below 2^-60 of the result. The error is below
// one unit in the last place (tests/sim/engine/random_test.cpp measures it).
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>

namespace spotmix {

/// `x` must be positive, finite and normal (not below 2^-1022).
constexpr double reproducible_log(double x) {
  assert(x >= std::numeric_limits<double>::min() && x <= std::numeric_limits<double>::max());
  constexpr double kLn2High = 0x1.62e42fefa38p-1;  // the first 42 bits of ln 2: k times this is exact
  constexpr double kLn2Low = 0x1.ef35793c7673p-45;
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t kMantissa = 0x000fffffffffffff;

  // Counting from √½ instead of 1 makes the exponent's bits those of k, and leaves m in [√½, √2).
  const std::uint64_t from_sqrt_half = std::bit_cast<std::uint64_t>(x) - kSqrtHalf;
  const auto k = static_cast<double>(static_cast<std::int64_t>(from_sqrt_half) >> 52);
  const auto m = std::bit_cast<double>((from_sqrt_half & kMantissa) + kSqrtHalf);

  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double series = 0.0;
  for (int power = 23; power >= 3; power -= 2) series = series * z + 1.0 / power;
  const double r = 2.0 * z * series;
  const double half_square = 0.5 * f * f;
  return k * kLn2High - ((half_square - (s * (half_square + r) + k * kLn2Low)) - f);
}

}  // namespace spotmix
