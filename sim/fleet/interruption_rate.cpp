#include "sim/fleet/interruption_rate.h"

#include <cmath>

#include "sim/fleet/policy.h"
#include "sim/market/trace_statistics.h"

namespace spotmix::sim {
namespace {

int weight_of(const Group& group, std::size_t i) {
  return group.weights.empty() ? 1 : group.weights[i];
}

int instances_of(const Group& group, std::size_t i) {
  return (group.count + weight_of(group, i) - 1) / weight_of(group, i);
}

/// 1 where the pool gives `instances` at once, else 0.
CapacitySeries enough(const Market& market, const Pool& pool, int instances) {
  CapacitySeries series = pool.capacity;
  for (int& value : series.value) {
    const bool yes = pool.capacity_is_binary
                         ? value > 0 && market.capacity_when_available.value_or(instances) >= instances
                         : value >= instances;
    value = yes ? 1 : 0;
  }
  return series;
}

std::optional<HourlyPrice> limit_of(const Market& market, const Group& group, std::size_t i) {
  if (group.max_price) return HourlyPrice{group.max_price->nano_usd_per_h * weight_of(group, i)};
  const Pool& pool = market.pools[group.pools[i]];
  const bool bids = market.regime == Regime::aws_auction && !pool.on_demand_price.empty() &&
                    !pool.spot_price.empty() && pool.on_demand_price.covers(pool.spot_price.begin());
  return bids ? std::optional(value_at(pool.on_demand_price, pool.spot_price.begin())) : std::nullopt;
}

/// When the pool can hold `instances` of the group; empty where no trace tells.
AvailabilitySeries can_hold(const Market& market, const Group& group, std::size_t i, int instances) {
  const Pool& pool = market.pools[group.pools[i]];
  const CapacitySeries capacity = enough(market, pool, instances);
  const bool told = !capacity.empty() && capacity.end != kNever;
  const bool priced = !pool.spot_price.empty() && pool.spot_price.end != kNever;
  return availability(told ? &capacity : nullptr, priced ? &pool.spot_price : nullptr,
                      priced ? limit_of(market, group, i) : std::nullopt);
}

double traced_rate(const Market& market, const Group& group) {
  const auto pools = static_cast<int>(group.pools.size());
  for (const int spread : {1, pools}) {
    double hours = 0;
    double losses = 0;
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      const int instances = (instances_of(group, i) + spread - 1) / spread;
      const AvailabilitySeries series = can_hold(market, group, i, instances);
      if (series.empty()) continue;
      const auto rate = interruptions_per_hour(series);
      const double held = available_fraction(series).value_or(0) * to_hours(series.end - series.begin());
      hours += held;
      losses += rate.value_or(0) * held;
    }
    if (hours > 0) return losses / hours * spread;
  }
  return 0;
}

double hazard_rate(const Market& market, const Group& group) {
  double sum = 0;
  for (std::size_t i = 0; i < group.pools.size(); ++i) {
    const LifetimeModel* lifetime = market.pools[group.pools[i]].lifetime.get();
    if (lifetime != nullptr) sum += instances_of(group, i) / lifetime->mean_hours();
  }
  return sum / static_cast<double>(group.pools.size());
}

}  // namespace

InterruptionRate interruption_rate(const Market& market, const Mix& mix) {
  InterruptionRate rate;
  int instances = 0;
  for (const Group& group : mix.groups) {
    if (group.pools.empty() || !may_be_spot(mix, group)) continue;
    instances += instances_of(group, 0);
    rate.hazards_per_h += hazard_rate(market, group);
    rate.traces_per_h += traced_rate(market, group);
  }
  const ZoneReclaims& reclaims = market.zone_reclaims;
  if (instances > 0 && reclaims.mean_between.count() > 0)
    rate.reclaims_per_h = (1 - std::pow(1 - reclaims.share, instances)) / to_hours(reclaims.mean_between);
  return rate;
}

}  // namespace spotmix::sim
