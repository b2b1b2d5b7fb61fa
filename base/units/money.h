// Money as an integer number of nano-dollars, so that sums are exact and do not depend on their order.
//
// An amount is an exact price times an exact time, rounded once, half away from zero, when it becomes a line
// of a bill. The range is ±9.2 billion dollars.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

#include "base/units/time.h"

namespace spotmix {

struct Money {
  std::int64_t nano_usd = 0;

  constexpr Money& operator+=(Money other) {
    nano_usd += other.nano_usd;
    return *this;
  }
  constexpr Money& operator-=(Money other) {
    nano_usd -= other.nano_usd;
    return *this;
  }
  friend constexpr Money operator+(Money a, Money b) { return a += b; }
  friend constexpr Money operator-(Money a, Money b) { return a -= b; }
  friend constexpr auto operator<=>(Money, Money) = default;
};

/// A price per hour of one instance.
struct HourlyPrice {
  std::int64_t nano_usd_per_h = 0;
  friend constexpr HourlyPrice operator+(HourlyPrice a, HourlyPrice b) {
    return {a.nano_usd_per_h + b.nano_usd_per_h};
  }
  friend constexpr auto operator<=>(HourlyPrice, HourlyPrice) = default;
};

inline Money from_usd(double usd) {
  return {std::llround(usd * 1e9)};
}
/// The nearest double: it prints as the amount does. (Times 1e-9 would not be the nearest.)
constexpr double to_usd(Money amount) {
  return static_cast<double>(amount.nano_usd) / 1e9;
}
inline HourlyPrice usd_per_hour(double usd) {
  return {std::llround(usd * 1e9)};
}
constexpr double to_usd_per_hour(HourlyPrice price) {
  return static_cast<double>(price.nano_usd_per_h) / 1e9;
}

/// price × time, rounded to the nearest nano-dollar, half away from zero.
constexpr Money charge(HourlyPrice price, Duration time) {
  constexpr std::int64_t kNanosecondsPerHour = 3'600'000'000'000;
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(price.nano_usd_per_h) * time.count();
  const Wide half = product < 0 ? -kNanosecondsPerHour / 2 : kNanosecondsPerHour / 2;
  return {static_cast<std::int64_t>((product + half) / kNanosecondsPerHour)};
}

}  // namespace spotmix
