// Time in the simulator: integer ticks, never a bare double.
//
// A Time is a moment, a Duration the span between two; both count nanoseconds and serve the scale of hours
// (market, fleet, training). StepDuration counts picoseconds and serves the scale of one training step: 106
// days at most.
#pragma once

#include <cassert>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace spotmix {

using Duration = std::chrono::duration<std::int64_t, std::nano>;
using Time =
    std::chrono::sys_time<Duration>;  ///< Since 1970-01-01T00:00:00Z; of undated traces, since they begin.
using StepDuration = std::chrono::duration<std::int64_t, std::pico>;

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr Time kNever = Time::max();
inline constexpr Duration kForever = Duration::max();

constexpr std::int64_t ticks_of(Time time) {
  return time.time_since_epoch().count();
}
constexpr Time time_at(std::int64_t ticks) {
  return Time{Duration{ticks}};
}

/// The nearest whole nanosecond to `value` seconds; `value` must lie within ±9.2e9 seconds.
inline Duration from_seconds(double value) {
  assert(std::abs(value) <= 9.2e9);
  return Duration{std::llround(value * 1e9)};
}
inline Duration from_hours(double value) {
  assert(std::abs(value) <= 9.2e9 / 3600);
  return Duration{std::llround(value * 3600e9)};
}
constexpr double to_unix_seconds(Time time) {
  return static_cast<double>(ticks_of(time)) / 1e9;
}
constexpr double to_seconds(Duration value) {
  return static_cast<double>(value.count()) / 1e9;
}
constexpr double to_hours(Duration value) {
  return static_cast<double>(value.count()) / 3600e9;
}

/// The smallest multiple of `step` that is not below `value`; both non-negative, `step` positive.
constexpr Duration round_up(Duration value, Duration step) {
  assert(value.count() >= 0 && step.count() > 0);
  return Duration{(value.count() + step.count() - 1) / step.count() * step.count()};
}

}  // namespace spotmix
