// Prefixes of units, as factors, and the one integer division that every model rounds its tiles and waves by.
#pragma once

#include <cassert>
#include <cstdint>

namespace spotmix {

inline constexpr double kMicro = 1e-6;
inline constexpr double kGiga = 1e9;
inline constexpr double kBytesPerGigabyte = kGiga;

/// The least whole number of pieces of size `b` that hold `a`; a ≥ 0, b > 0.
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  assert(a >= 0 && b > 0);
  return (a + b - 1) / b;
}

}  // namespace spotmix
