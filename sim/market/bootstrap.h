// New market histories out of one trace: the moving block bootstrap.
#pragma once

#include "sim/engine/random.h"
#include "sim/market/market.h"

namespace spotmix::sim {

/// Where all traced pools of a market have both prices and capacity.
struct TraceWindow {
  Time begin = Time::min();
  Time end = kNever;
};
TraceWindow common_window(const Market& market);

/// Fills `out`, a copy of `source`, with spot prices and capacities over [start, start + horizon] that are
/// put together from blocks of the source's traces: each block begins at a uniformly drawn moment and is the
/// same for all pools, so that what happens together stays together. On-demand prices keep their dates. The
/// common window must be longer than a block.
void bootstrap_market(const Market& source, RandomStream& random, Time start, Duration horizon, Market& out);

}  // namespace spotmix::sim
