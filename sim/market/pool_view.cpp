#include "sim/market/pool_view.h"

namespace spotmix::sim {

PoolView::PoolView(const Pool& pool, int instances_when_available)
    : pool_(&pool),
      instances_when_available_(instances_when_available),
      has_capacity_(!pool.capacity.empty()),
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

Time PoolView::known_until() const {
  Time until = kNever;
  if (has_capacity_) until = std::min(until, pool_->capacity.end);
  if (sells_spot()) until = std::min(until, pool_->spot_price.end);
  if (sells_on_demand()) until = std::min(until, pool_->on_demand_price.end);
  return until;
}

}  // namespace spotmix::sim
