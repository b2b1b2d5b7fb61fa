// The exponential function from additions and multiplications only, so that it has the same bits on every
// machine with IEEE-754 doubles.
//
// x = k ln 2 + r with |r| ≤ ½ ln 2; exp r by its Taylor series to r¹³ ÷ 13!, whose remainder is below 2^-58
// of the result; then the exponent is set. The error is below two units in the last place.
#pragma once

#include <bit>
#include <cstdint>

namespace spotmix {

/// 0 below −708 and infinite above 709, where the result would leave the range of normal doubles.
constexpr double reproducible_exp(double x) {
  constexpr double kLn2High = 0x1.62e42fefa38p-1;  // the first 42 bits of ln 2: k times this is exact
  constexpr double kLn2Low = 0x1.ef35793c7673p-45;
  constexpr double kInverseLn2 = 0x1.71547652b82fep0;
  if (x < -708) return 0;
  if (x > 709) return std::bit_cast<double>(std::uint64_t{0x7ff} << 52);
  const double scaled = x * kInverseLn2;
  const auto k = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const auto whole = static_cast<double>(k);
  const double r = (x - whole * kLn2High) - whole * kLn2Low;
  double series = 1.0;
  for (int power = 13; power >= 1; --power) series = 1.0 + r * series / power;
  return series * std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

}  // namespace spotmix
