// Turns the use of one instance into lines of a bill (docs/rules.md 1–4 and 14).
//
// Every function calls `sink(Charge)` once per line, in order of time, and returns the sum of the lines'
// amounts. A price series must cover the use. Amounts are rounded once, per line.
#pragma once

#include <algorithm>

#include "base/series/series.h"
#include "sim/billing/bill.h"
#include "sim/billing/rules.h"

namespace spotmix::sim {

enum class UsageEnd : std::uint8_t { stopped_by_user, interrupted_by_provider };

/// One instance from `running` until it stopped.
struct Usage {
  Time from{};
  Time to{};
  UsageEnd end = UsageEnd::stopped_by_user;
};

/// One line: `quantity` at `unit_price`; `to` − `from` is the use that it charges, before rounding up.
struct Charge {
  Time from{};
  Time to{};
  Duration quantity{0};
  HourlyPrice unit_price;
  Money amount;
};

namespace detail {

/// Charges [from, to) line by line; `end_of(at)` says where the line that begins at `at` ends at the latest,
/// once `price` has been moved there. `surcharge` is added to every price, `extra` time to the last line.
template <class EndOfLine, class Sink>
Money charge_lines(SeriesCursor<HourlyPrice>& price, HourlyPrice surcharge, Time from, Time to,
                   Duration extra, EndOfLine&& end_of, Sink&& sink) {
  Money sum;
  Time at = from;
  do {
    price.seek(at);
    const Time until = std::min<Time>(to, end_of(at));
    const Duration quantity = until - at + (until == to ? extra : Duration{0});
    const HourlyPrice unit_price = price.value() + surcharge;
    const Money amount = charge(unit_price, quantity);
    sink(Charge{at, until, quantity, unit_price, amount});
    sum += amount;
    at = until;
  } while (at < to);
  return sum;
}

/// docs/rules.md 4: whole instance-hours; what the provider cuts short is free, what the user cuts short is
/// full.
template <class Sink>
Money charge_whole_hours(SeriesCursor<HourlyPrice>& price, HourlyPrice surcharge, const Usage& usage,
                         Sink&& sink) {
  Money sum;
  for (Time at = usage.from; at < usage.to; at += hours{1}) {
    price.seek(at);
    const Time until = std::min<Time>(usage.to, at + hours{1});
    const bool whole = until - at == hours{1} || usage.end == UsageEnd::stopped_by_user;
    const Duration quantity = whole ? Duration{hours{1}} : Duration{0};
    const HourlyPrice unit_price = price.value() + surcharge;
    const Money amount = charge(unit_price, quantity);
    sink(Charge{at, until, quantity, unit_price, amount});
    sum += amount;
  }
  return sum;
}

/// What rounding up and the minimum add to a use of `used`.
inline Duration rounding(const BillingRules& rules, Duration used) {
  return std::max(round_up(used, rules.granularity), rules.minimum) - used;
}

}  // namespace detail

/// docs/rules.md 1 and 14: on demand, at the price of the day, second by second. `surcharge` is what the
/// operating system adds to each price.
template <class Sink>
Money bill_on_demand(const BillingRules& rules, SeriesCursor<HourlyPrice>& price, HourlyPrice surcharge,
                     const Usage& usage, Sink&& sink) {
  const Duration extra = detail::rounding(rules, usage.to - usage.from);
  return detail::charge_lines(
      price, surcharge, usage.from, usage.to, extra, [&](Time) { return price.next_change(); }, sink);
}

/// docs/rules.md 2, 3 and 4: spot.
template <class Sink>
Money bill_spot(const BillingRules& rules, SeriesCursor<HourlyPrice>& price, HourlyPrice surcharge,
                const Usage& usage, Sink&& sink) {
  if (rules.whole_spot_hours) return detail::charge_whole_hours(price, surcharge, usage, sink);
  const Duration used = usage.to - usage.from;
  if (rules.first_hour_free && usage.end == UsageEnd::interrupted_by_provider && used < hours{1}) {
    price.seek(usage.from);
    sink(Charge{usage.from, usage.to, Duration{0}, price.value() + surcharge, Money{}});
    return Money{};
  }
  const bool anchored = rules.spot_price == SpotPriceRule::hour_anchored;
  return detail::charge_lines(
      price, surcharge, usage.from, usage.to, detail::rounding(rules, used),
      [&](Time at) { return anchored ? at + hours{1} : price.next_change(); }, sink);
}

}  // namespace spotmix::sim
