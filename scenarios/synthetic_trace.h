// A made-up spot market of the auction era, for examples and tests where no real trace may ship.
//
// It is no fit to any data and its figures prove nothing: prices wander near 30 % of the on-demand price,
// change every 40 minutes in the mean, and one change in thirty is a spike of 20 minutes in the mean to
// between one and ten times the on-demand price (the highest bid that was allowed, docs/rules.md 4).
#pragma once

#include <string>
#include <vector>

#include "scenarios/trace.h"

namespace spotmix::scenarios {

struct SyntheticAuction {
  std::string instance;
  std::vector<std::string> zones;
  HourlyPrice on_demand;
  Time start{};
  Time end{};
  std::uint64_t seed = 1;
};

/// The same trace for the same settings, on any machine; zones are independent of one another.
Trace synthetic_auction_trace(const SyntheticAuction& settings);

/// The settings of scenarios/data/synthetic-auction-p2.xlarge.json.
SyntheticAuction shipped_synthetic_auction();

}  // namespace spotmix::scenarios
