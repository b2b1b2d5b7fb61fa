// A made-up spot market of the auction era, for examples and tests where no real trace may ship.
//
// It is no fit to any data and its figures prove nothing: prices wander near 30 % of the on-demand price,
// change every 40 minutes in the mean, and one change in thirty is a spike of 20 minutes in the mean to
// between one and ten times the on-demand price (the highest bid that was allowed, docs/rules.md 4).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/random/random.h"
#include "base/text/text_values.h"
#include "scenarios/trace.h"

namespace spotmix::tests {

using namespace spotmix::scenarios;

struct SyntheticAuction {
  std::string instance;
  std::vector<std::string> zones;
  HourlyPrice on_demand;
  Time start{};
  Time end{};
  std::uint64_t seed = 1;
};

inline constexpr double kMeanHoldSeconds = 2400;
inline constexpr double kMeanSpikeSeconds = 1200;
inline constexpr std::uint64_t kChangesPerSpike = 30;
/// Auction prices were published in steps of 0.0001 $/h.
inline constexpr std::int64_t kNanoPerPriceStep = 100'000;

/// One zone's price, in steps of 0.0001 $/h.
class PricePath {
 public:
  PricePath(std::int64_t on_demand, std::uint64_t seed, std::uint64_t zone)
      : random_(seed, 0, zone, Purpose::price_path), on_demand_(on_demand), calm_(on_demand * 3 / 10) {}

  struct Step {
    std::int64_t price;
    Duration holds;
  };

  Step next() {
    if (random_.below(kChangesPerSpike) == 0) {
      const auto height = static_cast<std::uint64_t>(9 * on_demand_ + 1);
      return {on_demand_ + static_cast<std::int64_t>(random_.below(height)), hold(kMeanSpikeSeconds)};
    }
    const std::int64_t percent = 95 + static_cast<std::int64_t>(random_.below(11));
    calm_ = std::clamp(calm_ * percent / 100, on_demand_ / 5, on_demand_ * 6 / 10);
    return {calm_, hold(kMeanHoldSeconds)};
  }

 private:
  Duration hold(double mean_s) { return seconds{1 + static_cast<std::int64_t>(random_.exponential(mean_s))}; }

  RandomStream random_;
  std::int64_t on_demand_;
  std::int64_t calm_;
};

/// The same trace for the same settings, on any machine; zones are independent of one another.
inline Trace synthetic_auction_trace(const SyntheticAuction& settings) {
  Trace trace;
  trace.source = "synthetic: made by spotmix's synthetic_auction_trace, not measured anywhere";
  trace.licence = "Apache-2.0";
  for (std::size_t zone = 0; zone < settings.zones.size(); ++zone) {
    PricePath path(settings.on_demand.nano_usd_per_h / kNanoPerPriceStep, settings.seed, zone);
    PriceSeries prices;
    for (Time now = settings.start; now < settings.end;) {
      const PricePath::Step step = path.next();
      prices.at.push_back(now);
      prices.value.push_back({step.price * kNanoPerPriceStep});
      now += step.holds;
    }
    prices.end = settings.end;
    drop_repeats(prices);
    TracePool pool;
    pool.instance = settings.instance;
    pool.zone = settings.zones[zone];
    pool.start = settings.start;
    pool.end = settings.end;
    pool.on_demand = settings.on_demand;
    pool.prices = std::move(prices);
    trace.pools.push_back(std::move(pool));
  }
  return trace;
}

/// The settings of scenarios/data/synthetic-auction-p2.xlarge.json.
inline SyntheticAuction shipped_synthetic_auction() {
  return {"p2.xlarge",
          {"synthetic-1a", "synthetic-1b", "synthetic-1c"},
          usd_per_hour(0.9),
          *parse_time("2017-01-01"),
          *parse_time("2017-04-01"),
          1};
}

}  // namespace spotmix::tests
