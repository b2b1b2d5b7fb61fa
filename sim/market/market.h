// The market: what each pool costs and how many instances it gives, over time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/market/series.h"

namespace spotmix::sim {

/// How the provider sets spot prices and takes instances back (RULES.md 4 and 5).
enum class Regime {
  aws_auction,   ///< before 2017-11-28: an instance runs while its maximum price ≥ the market price
  aws_smoothed,  ///< since: capacity decides; the price only if a maximum was set
};

/// One instance type in one zone, however it is bought.
struct Pool {
  std::string instance_type;
  std::string zone;
  PriceSeries spot_price;       ///< empty: not offered as spot
  PriceSeries on_demand_price;  ///< by date (RULES.md 14); empty: not offered on demand
  CapacitySeries capacity;      ///< spot instances to be had; empty: as many as asked for
  /// The capacity trace says only yes (1) or no (0): a yes means `Market::capacity_when_available` instances,
  /// or, where that is not given, as many as the mix asks of this pool.
  bool capacity_is_binary = false;
};

struct Market {
  Regime regime = Regime::aws_smoothed;
  std::vector<Pool> pools;
  std::optional<int> capacity_when_available;
  /// Time between the notice and the loss of an instance (RULES.md 6). The notice of a loss at T comes at
  /// T − notice, or at once for an instance that started later than that.
  Duration notice = seconds{120};
  /// A price above a maximum price by no more than this does not interrupt: published prices are rounded
  /// (RULES.md 5).
  HourlyPrice price_tolerance{10'000};
};

}  // namespace spotmix::sim
