// What a trace says about a pool: how often it is available, what it costs, how long runs of either last, and
// how much the zones move together.
//
// Everything is weighted by time, never by rows: a trace's rows come as often as its maker looked. Series are
// looked at over the window that they cover, from their first value to their end, which must not be kNever.
// What cannot be known from the trace is nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/series/series.h"
#include "sim/market/market.h"

namespace spotmix::sim {

/// 1 while an instance can run, 0 while it cannot; never the same value twice in a row.
using AvailabilitySeries = Series<int>;

/// When a pool gives at least one instance at no more than `max_price` (compared with the market's price
/// tolerance, docs/rules.md 5). Covers the time in which all that it needs is known: capacity where the pool
/// has such a series, prices where there is a maximum. Empty where the pool does not tell: no capacity series
/// and no maximum, a maximum but no prices, or series that do not overlap.
AvailabilitySeries availability(const CapacitySeries* capacity, const PriceSeries* prices,
                                std::optional<HourlyPrice> max_price);

/// The share of the window in which instances were available, 0 to 1.
std::optional<double> available_fraction(const AvailabilitySeries& series);

/// How often an instance that runs whenever it can is lost: changes from 1 to 0 per hour of 1. Unknown where
/// no instance could ever run.
std::optional<double> interruptions_per_hour(const AvailabilitySeries& series);

/// One stretch of an unchanged availability.
struct Run {
  Duration length{0};
  bool available = false;
  bool began_before = false;  ///< it was there when the window began: its age is not known
  bool cut_off = false;       ///< the window ended before it did: it lasted at least `length`
};
std::vector<Run> runs_of(const AvailabilitySeries& series);

struct RunLengths {
  Duration min{0}, p50{0}, p95{0}, max{0};
  double mean_hours = 0;
};
/// Of the runs that the window saw from beginning to end, each counted once; unknown where there is none.
/// The quantile q is the smallest length that at least q of the runs do not exceed.
std::optional<RunLengths> run_lengths(const std::vector<Run>& runs, bool available);

struct PriceStatistics {
  HourlyPrice min, p50, p95, max;  ///< the price that holds for at most this share of the time, or is lower
  double mean_usd_per_h = 0;
  double changes_per_day = 0;  ///< repeats of an unchanged price are none (docs/rules.md 18)
};
std::optional<PriceStatistics> price_statistics(const PriceSeries& prices);

/// How many instances a trace counts over time, and how it loses them.
struct CountStatistics {
  int min = 0, p50 = 0, p95 = 0,
      max = 0;  ///< the count that holds for at most this share of the time, or is lower
  double mean = 0;
  std::int64_t added = 0;  ///< sum of all rises
  std::int64_t lost = 0;   ///< sum of all falls
  /// Falls ÷ hours that all instances ran; unknown where none ever did.
  std::optional<double> lost_per_instance_hour;
};
std::optional<CountStatistics> count_statistics(const CapacitySeries& counts);

/// Pearson's correlation of two availabilities over their common window. Unknown where they have none or
/// where one of the two never changes in it.
std::optional<double> correlation(const AvailabilitySeries& a, const AvailabilitySeries& b);

/// The same of two prices.
std::optional<double> correlation(const PriceSeries& a, const PriceSeries& b);

}  // namespace spotmix::sim
