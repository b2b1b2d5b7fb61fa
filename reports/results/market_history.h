// What pools cost and how many spot instances they gave while the replications ran, for reports that draw it.
//
// All mixes share one market, so there is one history; its pools are in the order of Market::pools.
#pragma once

#include <vector>

#include "base/units/time.h"
#include "sim/batch/result.h"
#include "sim/market/market.h"
#include "sim/replay/experiment.h"

namespace spotmix::reports {

/// Series that hold nothing: not offered that way; a capacity that holds nothing: as many as asked for.
struct PoolHistory {
  PriceSeries spot_price;
  PriceSeries on_demand_price;
  CapacitySeries capacity;
  bool capacity_is_binary = false;  ///< the trace says only yes (1) or no (0)
};

/// Every series lies within [begin, end]: it starts at `begin` or when its trace does, whichever is later.
struct MarketHistory {
  Time begin{};
  Time end{};
  std::vector<PoolHistory> pools;
};

/// The part of the experiment's market that some replication may have seen: from the first possible start to
/// the end of the longest replication that the last start allows, and not beyond the traces. Where
/// replications draw histories of their own from the traces: all that they draw from.
MarketHistory market_history(const sim::Experiment& experiment, const sim::BatchResult& batch);

}  // namespace spotmix::reports
