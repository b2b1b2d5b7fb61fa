// Where the next instance goes: allocation strategies, quotas, zones and maximum prices (RULES.md 4, 5,
// 15–17).
#include <algorithm>

#include "sim/fleet/fleet.h"

namespace spotmix::sim {

int on_demand_units(int count, int base, int percentage) {
  const int rest = std::max(0, count - base);
  return std::min(count, base + (rest * percentage + 99) / 100);
}

std::optional<HourlyPrice> Fleet::price_limit(std::uint32_t group, std::uint32_t pool, Time now) {
  const std::optional<HourlyPrice>& asked = mix_->groups[group].max_price;
  if (market_->regime == Regime::aws_smoothed) {
    if (!asked) return std::nullopt;
    return HourlyPrice{asked->nano_usd_per_h + market_->price_tolerance.nano_usd_per_h};
  }
  if (asked) return asked;
  PoolView& view = views_[pool];
  return view.sells_on_demand() ? std::optional(view.on_demand_price_at(now)) : std::nullopt;
}

/// Instances that the vCPU quota still allows in this pool.
int Fleet::quota_left(std::uint32_t pool, Purchase purchase) const {
  const Pool& traded = views_[pool].pool();
  if (traded.quota == Pool::kNoQuota || traded.vcpus <= 0) return kUnlimited;
  const Quota& quota = market_->quotas[traded.quota];
  const QuotaUse& use = quota_use_[traded.quota];
  const int left = purchase == Purchase::spot ? quota.spot_vcpus - use.spot_vcpus
                                              : quota.on_demand_vcpus - use.on_demand_vcpus;
  return std::max(0, left / traded.vcpus);
}

/// Spot instances of `group` that `pool` would start at `now` besides those it holds.
int Fleet::spot_left(std::uint32_t group, std::uint32_t pool, Time now) {
  PoolView& view = views_[pool];
  if (!view.sells_spot()) return 0;
  const std::optional<HourlyPrice> limit = price_limit(group, pool, now);
  if (limit && view.spot_price_at(now) > *limit) return 0;
  const int capacity = view.capacity_at(now);
  const int left = capacity == kUnlimited ? kUnlimited : capacity - static_cast<int>(spot_in_[pool].size());
  return std::min(left, quota_left(pool, Purchase::spot));
}

bool Fleet::spot_available(Time now) {
  if (views_.size() == 1 && groups_.size() == 1 && !mix_->launch.single_zone) {
    const GroupState& group = groups_[0];
    const int instances = (mix_->groups[0].count + group.weights[0] - 1) / group.weights[0];
    const auto held = static_cast<int>(spot_in_[0].size());
    return held >= instances || spot_left(0, 0, now) >= instances - held;
  }
  if (mix_->launch.single_zone) {
    for (std::uint32_t zone = 0; zone < zones_; ++zone) {
      if ((zone_ == kNoZone || zone == zone_) && zone_fits(zone, now)) return true;
    }
    return false;
  }
  return zone_fits(kNoZone, now);
}

/// Whether the whole fleet could run as spot in one zone, or, for kNoZone, anywhere. What it holds counts.
bool Fleet::zone_fits(std::uint32_t zone, Time now) {
  for (std::uint32_t pool = 0; pool < views_.size(); ++pool) free_[pool] = -1;  // not asked yet
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const GroupState& group = groups_[g];
    int missing = mix_->groups[g].count;
    for (std::size_t i = 0; i < group.pools.size() && missing > 0; ++i) {
      const std::uint32_t pool = group.pools[i];
      if (zone != kNoZone && zone_of_pool_[pool] != zone) continue;
      PoolView& view = views_[pool];
      if (!view.sells_spot()) continue;
      const std::optional<HourlyPrice> limit = price_limit(g, pool, now);
      if (limit && view.spot_price_at(now) > *limit) continue;
      int& left = free_[pool];
      if (left < 0) {
        const auto held = static_cast<int>(spot_in_[pool].size());
        const int quota = quota_left(pool, Purchase::spot);
        left = std::min(view.capacity_at(now), quota == kUnlimited ? kUnlimited : quota + held);
      }
      const int wanted = (missing + group.weights[i] - 1) / group.weights[i];
      const int taken = std::min(wanted, left);
      left -= taken;
      missing -= taken * group.weights[i];
    }
    if (missing > 0) return false;
  }
  return true;
}

bool Fleet::other_zone_available(Time now) {
  for (std::uint32_t zone = 0; zone < zones_; ++zone) {
    if (zone != zone_ && zone_fits(zone, now)) return true;
  }
  return false;
}

bool Fleet::allowed_zone(std::uint32_t pool) const {
  return !mix_->launch.single_zone || zone_ == kNoZone || zone_of_pool_[pool] == zone_;
}

/// With a single zone and nothing running: takes the zone that fits the whole fleet at the lowest price of
/// its first instances. Leaves the zone open when none fits.
void Fleet::choose_zone(Purchase purchase, Time now) {
  std::optional<std::uint32_t> best;
  HourlyPrice best_price;
  for (std::uint32_t zone = 0; zone < zones_; ++zone) {
    if (purchase == Purchase::spot && !zone_fits(zone, now)) continue;
    HourlyPrice price;
    for (std::uint32_t pool = 0; pool < views_.size(); ++pool) {
      if (zone_of_pool_[pool] != zone) continue;
      PoolView& view = views_[pool];
      const bool sold = purchase == Purchase::spot ? view.sells_spot() : view.sells_on_demand();
      if (!sold) continue;
      price.nano_usd_per_h +=
          (purchase == Purchase::spot ? view.spot_price_at(now) : view.on_demand_price_at(now))
              .nano_usd_per_h;
    }
    if (best && price >= best_price) continue;
    best = zone;
    best_price = price;
  }
  if (best) zone_ = *best;
}

std::optional<std::uint32_t> Fleet::place(std::uint32_t group, Purchase purchase, Time now) {
  if (mix_->launch.single_zone && zone_ == kNoZone) {
    choose_zone(purchase, now);
    if (zone_ == kNoZone) return std::nullopt;
  }
  if (purchase == Purchase::reserved) return groups_[group].pools.front();
  const auto pool = purchase == Purchase::spot ? place_spot(group, now) : place_on_demand(group, now);
  if (!pool && filled_ == 0) zone_ = kNoZone;
  return pool;
}

namespace {

/// What an allocation strategy looks at in a pool.
struct Candidate {
  std::uint32_t pool = 0;
  std::int64_t price_per_unit = 0;  ///< nano-dollars per hour, rounded down
  int left = 0;
  std::size_t held = 0;
};

bool better(Allocation allocation, const Candidate& a, const Candidate& b) {
  switch (allocation) {
    case Allocation::lowest_price:
      return a.price_per_unit < b.price_per_unit;
    case Allocation::diversified:
      return a.held != b.held ? a.held < b.held : a.price_per_unit < b.price_per_unit;
    case Allocation::capacity_optimized:
      return a.left > b.left;
    case Allocation::price_capacity_optimized:
      return a.left != b.left ? a.left > b.left : a.price_per_unit < b.price_per_unit;
    case Allocation::prioritized:
      return false;  // the first stays
  }
  return false;
}

}  // namespace

std::optional<std::uint32_t> Fleet::place_spot(std::uint32_t g, Time now) {
  const GroupState& group = groups_[g];
  const Allocation allocation = mix_->groups[g].allocation;
  std::optional<Candidate> best;
  for (std::size_t i = 0; i < group.pools.size(); ++i) {
    const std::uint32_t pool = group.pools[i];
    if (!allowed_zone(pool)) continue;
    const int left = spot_left(g, pool, now);
    if (left <= 0) continue;
    PoolView& view = views_[pool];
    const HourlyPrice price = view.spot_price_at(now);
    const bool skips_dear = allocation == Allocation::diversified;
    if (skips_dear && view.sells_on_demand() && price >= view.on_demand_price_at(now)) continue;
    const Candidate candidate{pool, price.nano_usd_per_h / group.weights[i], left, spot_in_[pool].size()};
    if (!best || better(allocation, candidate, *best)) best = candidate;
  }
  return best ? std::optional(best->pool) : std::nullopt;
}

/// On demand is the cheapest type unless `prioritized` is asked for (RULES.md 16).
std::optional<std::uint32_t> Fleet::place_on_demand(std::uint32_t g, Time now) {
  const GroupState& group = groups_[g];
  const bool prioritized = mix_->groups[g].allocation == Allocation::prioritized;
  std::optional<Candidate> best;
  for (std::size_t i = 0; i < group.pools.size(); ++i) {
    const std::uint32_t pool = group.pools[i];
    PoolView& view = views_[pool];
    if (!view.sells_on_demand() || !allowed_zone(pool) || quota_left(pool, Purchase::on_demand) <= 0)
      continue;
    const Candidate candidate{pool, view.on_demand_price_at(now).nano_usd_per_h / group.weights[i], 1, 0};
    if (!best || (!prioritized && candidate.price_per_unit < best->price_per_unit)) best = candidate;
  }
  return best ? std::optional(best->pool) : std::nullopt;
}

bool Fleet::could_place_all(std::uint32_t g, Purchase purchase, Time now) {
  if (purchase == Purchase::reserved) return true;
  if (purchase == Purchase::on_demand) return place_on_demand(g, now).has_value();
  const GroupState& group = groups_[g];
  int missing = missing_units(g);
  for (std::size_t i = 0; i < group.pools.size() && missing > 0; ++i) {
    if (!allowed_zone(group.pools[i])) continue;
    const int wanted = (missing + group.weights[i] - 1) / group.weights[i];
    missing -= std::min(wanted, std::max(0, spot_left(g, group.pools[i], now))) * group.weights[i];
  }
  return missing <= 0;
}

}  // namespace spotmix::sim
