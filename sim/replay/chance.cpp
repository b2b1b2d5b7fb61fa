#include "sim/replay/chance.h"

#include <algorithm>

#include "sim/fleet/policy.h"
#include "sim/market/bootstrap.h"
#include "sim/replay/job_draws.h"

namespace spotmix::sim {
namespace {

/// If the series says the same from whatever moment it is read.
template <class Value>
bool stands_still(const Series<Value>& series) {
  return series.empty() || (series.at.size() == 1 && series.end == kNever);
}

/// If what a job meets depends on when it starts. Reservations are billed by the clock.
bool start_matters(const Market& market, const Mix& mix) {
  return std::any_of(mix.groups.begin(), mix.groups.end(), [&](const Group& group) {
    return group.purchase == Purchase::reserved ||
           std::any_of(group.pools.begin(), group.pools.end(), [&](std::uint32_t index) {
             const Pool& pool = market.pools[index];
             const bool spot_moves = !stands_still(pool.spot_price) || !stands_still(pool.capacity);
             return !stands_still(pool.on_demand_price) || (spot_moves && may_be_spot(mix, group));
           });
  });
}

/// Spot instances that the mix may hold in the pool, at most.
int most_spot_in(const Mix& mix, std::uint32_t pool) {
  int most = 0;
  for (const Group& group : mix.groups) {
    const bool uses = std::find(group.pools.begin(), group.pools.end(), pool) != group.pools.end();
    if (uses && may_be_spot(mix, group)) most += group.count;
  }
  return most;
}

/// If the pool may take some of the mix's instances back and leave it others: lots decide which.
bool draws_lots(const Market& market, const Mix& mix, std::uint32_t index) {
  const Pool& pool = market.pools[index];
  const int most = most_spot_in(mix, index);
  const auto some = [&](int capacity) { return capacity > 0 && capacity < most; };
  if (pool.capacity_is_binary) return market.capacity_when_available && some(*market.capacity_when_available);
  return std::any_of(pool.capacity.value.begin(), pool.capacity.value.end(), some);
}

/// If spot instances of the group end, or histories go on, by draws.
bool draws_interruptions(const Market& market, const Mix& mix, const Group& group) {
  if (market.zone_reclaims.mean_between > Duration{0} || market.bootstrap.block > Duration{0}) return true;
  const bool goes_on_by_blocks = market.after_traces.block > Duration{0};
  return std::any_of(group.pools.begin(), group.pools.end(), [&](std::uint32_t index) {
    if (goes_on_by_blocks && window_of(market.pools[index]).end != kNever) return true;
    return market.pools[index].lifetime != nullptr || draws_lots(market, mix, index);
  });
}

bool market_varies(const Experiment& experiment, const Mix& mix) {
  if (experiment.start.sampled && start_matters(experiment.market, mix)) return true;
  return std::any_of(mix.groups.begin(), mix.groups.end(), [&](const Group& group) {
    return may_be_spot(mix, group) && draws_interruptions(experiment.market, mix, group);
  });
}

}  // namespace

Chance chance_of(const Experiment& experiment, const Mix& mix) {
  return {.market = market_varies(experiment, mix),
          .step_time = !step_errors_of(mix).empty(),
          .convergence = mix.work_spread > 0};
}

}  // namespace spotmix::sim
