// Time in the simulator: integer ticks, never a bare double.
//
// Duration and Time count nanoseconds and serve the scale of hours (market, fleet, training); a Time is the
// time since the scenario's epoch, which the market's traces share. StepDuration counts picoseconds and
// serves the scale of one training step. Both hold at least 106 days as signed 64-bit integers.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace spotmix {

using Duration = std::chrono::duration<std::int64_t, std::nano>;
using Time = Duration;  ///< Nanoseconds since 1970-01-01T00:00:00Z for dated traces.
using StepDuration = std::chrono::duration<std::int64_t, std::pico>;

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};

/// The nearest whole nanosecond to `value` seconds; `value` must lie within ±9.2e9 seconds.
inline Duration from_seconds(double value) {
  return Duration{std::llround(value * 1e9)};
}
inline Duration from_hours(double value) {
  return Duration{std::llround(value * 3600e9)};
}
constexpr double to_seconds(Duration value) {
  return static_cast<double>(value.count()) / 1e9;
}
constexpr double to_hours(Duration value) {
  return static_cast<double>(value.count()) / 3600e9;
}

/// The smallest multiple of `step` that is not below `value`; both non-negative, `step` positive.
constexpr Duration round_up(Duration value, Duration step) {
  return Duration{(value.count() + step.count() - 1) / step.count() * step.count()};
}

}  // namespace spotmix
