#include "sim/market/pool_view.h"

#include <algorithm>
#include <cassert>

namespace spotmix::sim {

PoolView::PoolView(const Pool& pool, int instances_when_available, bool buys_spot)
    : pool_(&pool),
      buys_spot_(buys_spot),
      instances_when_available_(instances_when_available),
      capacity_(pool.capacity),
      spot_price_(pool.spot_price),
      on_demand_price_(pool.on_demand_price) {}

Time PoolView::next_price_crossing(Time t, HourlyPrice limit) {
  spot_price_.seek(t);
  const PriceSeries& series = pool_->spot_price;
  const bool above = spot_price_.value() > limit;
  for (std::size_t i = spot_price_.index() + 1; i < series.at.size(); ++i) {
    if ((series.value[i] > limit) != above) return series.at[i];
  }
  return kNever;
}

Time PoolView::next_on_demand_crossing(Time t, HourlyPrice less) {
  assert(sells_spot() && sells_on_demand());
  spot_price_.seek(t);
  on_demand_price_.seek(t);
  const PriceSeries& spot = pool_->spot_price;
  const PriceSeries& on_demand = pool_->on_demand_price;
  std::size_t i = spot_price_.index();
  std::size_t j = on_demand_price_.index();
  const auto is_above = [&] { return spot.value[i] + less > on_demand.value[j]; };
  const auto next_of = [](const PriceSeries& series, std::size_t step) {
    return step + 1 < series.at.size() ? series.at[step + 1] : kNever;
  };
  const bool above = is_above();
  for (;;) {
    const Time next_spot = next_of(spot, i);
    const Time next_on_demand = next_of(on_demand, j);
    const Time next = std::min(next_spot, next_on_demand);
    if (next == kNever) return kNever;
    i += next_spot == next ? 1 : 0;
    j += next_on_demand == next ? 1 : 0;
    if (is_above() != above) return next;
  }
}

Time PoolView::known_until() const {
  Time until = kNever;
  if (has_capacity()) until = std::min(until, pool_->capacity.end);
  if (sells_spot()) until = std::min(until, pool_->spot_price.end);
  if (sells_on_demand()) until = std::min(until, pool_->on_demand_price.end);
  return until;
}

}  // namespace spotmix::sim
