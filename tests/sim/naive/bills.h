// The bill of one instance, by docs/rules.md 1 to 4, with the price looked up for every tick.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/billing/bill.h"
#include "sim/billing/rules.h"

namespace spotmix::sim::naive {

/// An instance that ran from `from` to `to`.
struct Use {
  Time from{};
  Time to{};
  bool interrupted = false;  ///< by the provider, not by the user
  Duration tick{0};
  std::function<HourlyPrice(Time)> price;  ///< with what the operating system adds
};

/// Price × time, to the nearest nano-dollar.
inline Money amount_of(HourlyPrice price, Duration time) {
  __extension__ using Wide = __int128;
  const Wide hour = 3'600'000'000'000;
  const Wide twice = 2 * static_cast<Wide>(price.nano_usd_per_h) * time.count();
  return {static_cast<std::int64_t>((twice + hour) / (2 * hour))};
}

inline BillLine line_of(BillItem item, Time from, Time to, Duration quantity, HourlyPrice price) {
  BillLine line;
  line.item = item;
  line.from = from;
  line.to = to;
  line.quantity = quantity;
  line.unit_price = price;
  line.amount = amount_of(price, quantity);
  return line;
}

/// How long is charged for at least: whole multiples of the granularity, and no less than the minimum.
inline Duration charged_time(Duration used, Duration granularity, Duration minimum) {
  Duration charged{0};
  while (charged < used) charged += granularity;
  return std::max(charged, minimum);
}

/// One line for each stretch of one price. `anchored`: each hour of the instance has the price of its start.
inline std::vector<BillLine> lines_by_second(const Use& use, const BillingRules& rules, bool anchored) {
  std::vector<BillLine> lines{
      line_of(BillItem::instance, use.from, use.from, Duration{0}, use.price(use.from))};
  for (Time at = use.from; at < use.to; at += use.tick) {
    const Duration into_the_hour = (at - use.from) % Duration{hours{1}};
    const bool next_line =
        anchored ? at > use.from && into_the_hour == Duration{0} : use.price(at) != lines.back().unit_price;
    if (next_line) lines.push_back(line_of(BillItem::instance, at, at, Duration{0}, use.price(at)));
    lines.back().to = std::min(at + use.tick, use.to);
  }
  for (BillLine& line : lines) line.quantity = line.to - line.from;
  const Duration used = use.to - use.from;
  lines.back().quantity += charged_time(used, rules.granularity, rules.minimum) - used;
  for (BillLine& line : lines) line.amount = amount_of(line.unit_price, line.quantity);
  return lines;
}

/// Rule 4: whole hours at the price of their start; what the provider cuts short is free.
inline std::vector<BillLine> lines_by_hour(const Use& use) {
  std::vector<BillLine> lines;
  for (Time at = use.from; at < use.to; at += hours{1}) {
    const bool cut_short = at + hours{1} > use.to;
    const Duration charged = cut_short && use.interrupted ? Duration{0} : Duration{hours{1}};
    lines.push_back(
        line_of(BillItem::instance, at, std::min<Time>(at + hours{1}, use.to), charged, use.price(at)));
  }
  return lines;
}

inline std::vector<BillLine> spot_lines(const Use& use, const BillingRules& rules) {
  if (rules.whole_spot_hours) return lines_by_hour(use);
  if (rules.first_hour_free && use.interrupted && use.to - use.from < hours{1})
    return {line_of(BillItem::instance, use.from, use.to, Duration{0}, use.price(use.from))};
  return lines_by_second(use, rules, rules.spot_price == SpotPriceRule::hour_anchored);
}

/// `amount` spread over causes as `time` is; what rounding leaves goes to the largest part, the first of
/// equals.
inline void spread(CostByCause<Money>& cost, Money amount, const ByCause<Duration>& time) {
  const std::vector<Duration ByCause<Duration>::*> causes{
      &ByCause<Duration>::useful, &ByCause<Duration>::lost_work, &ByCause<Duration>::checkpoint,
      &ByCause<Duration>::startup, &ByCause<Duration>::waiting};
  const std::vector<Money ByCause<Money>::*> parts{&ByCause<Money>::useful, &ByCause<Money>::lost_work,
                                                   &ByCause<Money>::checkpoint, &ByCause<Money>::startup,
                                                   &ByCause<Money>::waiting};
  __extension__ using Wide = __int128;
  Wide whole = 0;
  for (const auto cause : causes) whole += std::max<std::int64_t>(0, (time.*cause).count());
  Money rest = amount;
  auto largest = &ByCause<Money>::waiting;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < causes.size(); ++i) {
    const std::int64_t part = std::max<std::int64_t>(0, (time.*causes[i]).count());
    if (part == 0) continue;
    const Money share{static_cast<std::int64_t>(amount.nano_usd * static_cast<Wide>(part) / whole)};
    cost.*parts[i] += share;
    rest -= share;
    if (part > most) largest = parts[i];
    most = std::max(most, part);
  }
  cost.*largest += rest;
}

}  // namespace spotmix::sim::naive
