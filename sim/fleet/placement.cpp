// Where the next instance goes: allocation strategies, quotas, zones and maximum prices (docs/rules.md 4, 5,
// 15–17).
#include <algorithm>

#include "sim/fleet/fleet.h"

namespace spotmix::sim {

int on_demand_units(int count, int base, int percentage) {
  const int rest = std::max(0, count - base);
  return std::min(count, base + (rest * percentage + 99) / 100);
}

std::optional<HourlyPrice> Fleet::price_limit(std::uint32_t group, std::uint32_t pool, Time now) {
  std::optional<HourlyPrice> asked = mix_->groups[group].max_price;
  if (asked && !mix_->groups[group].weights.empty()) asked->nano_usd_per_h *= weight_of(group, pool);
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

/// Whether one more instance of the group's i-th pool leaves a gang that trains or, where it does not train
/// yet and groups miss units even then, may come to train. `missing`: units of the group.
bool Fleet::may_add(const Trial& trial, std::uint32_t g, std::size_t i, int missing) const {
  if (!has_compositions()) return true;
  const Compositions& all = mix_->compositions;
  const Compositions::Key with = trial.held + all.one(groups_[g].types[i]);
  const bool completes = trial.unmet == 1 && missing <= groups_[g].weights[i];
  return all.trains(with) || (!completes && !all.trains(trial.held) && all.leads_to_training(with));
}

/// Adds instances of the group's i-th pool while units are missing, `most` at most; says how many.
int Fleet::add(Trial& trial, std::uint32_t g, std::size_t i, int missing, int most) const {
  const int weight = groups_[g].weights[i];
  const int wanted = std::min((missing + weight - 1) / weight, most);
  if (!has_compositions()) return wanted;
  int added = 0;
  while (added < wanted && may_add(trial, g, i, missing - added * weight)) {
    trial.held += mix_->compositions.one(groups_[g].types[i]);
    ++added;
  }
  return added;
}

bool Fleet::spot_available(Time now) {
  if (views_.size() == 1 && groups_.size() == 1 && !mix_->launch.single_zone &&
      mix_->groups[0].purchase != Purchase::reserved && !has_compositions()) {
    const GroupState& group = groups_[0];
    const int instances = (mix_->groups[0].count + group.weights[0] - 1) / group.weights[0];
    const auto held = static_cast<int>(spot_in_[0].size());
    return held >= instances || spot_left(0, 0, now) >= instances - held;
  }
  if (mix_->launch.single_zone) {
    for (std::uint32_t zone = 0; zone < zones_; ++zone) {
      if ((zone_ == kNoZone || zone == zone_) && zone_fits(zone, now, true)) return true;
    }
    return false;
  }
  return zone_fits(kNoZone, now, true);
}

namespace {

/// vCPUs that a quota leaves; none is ever below zero.
int left_of(int limit, int used) {
  return std::max(0, limit - used);
}

/// Instances of a pool that fit under the quotas' remaining vCPUs.
int fitting(const Pool& pool, const std::vector<int>& vcpus) {
  const bool limited = pool.quota != Pool::kNoQuota && pool.vcpus > 0;
  return limited ? vcpus[pool.quota] / pool.vcpus : kUnlimited;
}

void take(const Pool& pool, int instances, std::vector<int>& vcpus) {
  if (pool.quota != Pool::kNoQuota) vcpus[pool.quota] -= instances * pool.vcpus;
}

}  // namespace

/// Whether the fleet could run as spot in one zone, or, for kNoZone, anywhere: all of it but what is
/// reserved, or, unless `all_spot`, what the mix buys as spot. What it holds may stay: every quota is there
/// in full, since it serves this fleet alone, but it is shared by all pools of its class.
bool Fleet::zone_fits(std::uint32_t zone, Time now, bool all_spot) {
  std::fill(free_.begin(), free_.end(), -1);
  for (std::size_t q = 0; q < free_vcpus_.size(); ++q) free_vcpus_[q] = market_->quotas[q].spot_vcpus;
  Trial trial{0, static_cast<std::uint32_t>(groups_.size())};
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const Purchase purchase = mix_->groups[g].purchase;
    const bool as_spot = purchase == Purchase::spot || (all_spot && purchase == Purchase::on_demand);
    if (as_spot && !group_fits(g, zone, now, trial)) return false;
  }
  return true;
}

/// Takes what the group needs out of free_ and free_vcpus_.
bool Fleet::group_fits(std::uint32_t g, std::uint32_t zone, Time now, Trial& trial) {
  const GroupState& group = groups_[g];
  int missing = mix_->groups[g].count;
  for (std::size_t i = 0; i < group.pools.size() && missing > 0; ++i) {
    const std::uint32_t pool = group.pools[i];
    if (zone != kNoZone && zone_of_pool_[pool] != zone) continue;
    PoolView& view = views_[pool];
    if (!view.sells_spot()) continue;
    const std::optional<HourlyPrice> limit = price_limit(g, pool, now);
    if (limit && view.spot_price_at(now) > *limit) continue;
    if (free_[pool] < 0) free_[pool] = view.capacity_at(now);
    const int taken = add(trial, g, i, missing, std::min(free_[pool], fitting(view.pool(), free_vcpus_)));
    free_[pool] -= taken;
    take(view.pool(), taken, free_vcpus_);
    missing -= taken * group.weights[i];
  }
  if (missing <= 0) --trial.unmet;
  return missing <= 0;
}

bool Fleet::other_zone_available(Time now) {
  for (std::uint32_t zone = 0; zone < zones_; ++zone) {
    if (zone != zone_ && zone_fits(zone, now, false)) return true;
  }
  return false;
}

bool Fleet::allowed_zone(std::uint32_t pool) const {
  return !mix_->launch.single_zone || zone_ == kNoZone || zone_of_pool_[pool] == zone_;
}

/// How `other` will be bought when `group` is bought as `purchase`: as the mix says if `group` is, else
/// alike.
Purchase Fleet::planned(std::uint32_t other, std::uint32_t group, Purchase purchase) const {
  const Purchase configured = mix_->groups[other].purchase;
  if (configured == Purchase::reserved || purchase == mix_->groups[group].purchase) return configured;
  return purchase;
}

/// Nano-dollars per hour of a whole group in a zone, at the price of its cheapest unit there; nothing when
/// the zone does not sell it.
std::optional<std::int64_t> Fleet::price_in_zone(std::uint32_t g, Purchase purchase, std::uint32_t zone,
                                                 Time now) {
  const GroupState& group = groups_[g];
  const Trial nothing{0, static_cast<std::uint32_t>(groups_.size()) + 1};
  std::optional<std::int64_t> cheapest;
  for (std::size_t i = 0; i < group.pools.size(); ++i) {
    const std::uint32_t pool = group.pools[i];
    if (zone_of_pool_[pool] != zone || !may_add(nothing, g, i, 1)) continue;
    if (purchase == Purchase::reserved) return 0;  // paid, wherever it stands
    PoolView& view = views_[pool];
    const bool spot = purchase == Purchase::spot;
    if (spot ? !view.sells_spot() : !view.sells_on_demand() || quota_left(pool, purchase) == 0) continue;
    const HourlyPrice price = spot ? view.spot_price_at(now) : view.on_demand_price_at(now);
    const std::int64_t per_unit = price.nano_usd_per_h / group.weights[i];
    cheapest = std::min(cheapest.value_or(per_unit), per_unit);
  }
  if (cheapest) *cheapest *= mix_->groups[g].count;
  return cheapest;
}

/// With a single zone and nothing running: takes the cheapest zone that sells every group, and that fits what
/// is spot. Leaves the zone open when there is none.
void Fleet::choose_zone(std::uint32_t group, Purchase purchase, Time now) {
  std::optional<std::int64_t> best;
  for (std::uint32_t zone = 0; zone < zones_; ++zone) {
    std::fill(free_.begin(), free_.end(), -1);
    for (std::size_t q = 0; q < free_vcpus_.size(); ++q) free_vcpus_[q] = market_->quotas[q].spot_vcpus;
    std::optional<std::int64_t> sum = 0;
    Trial trial{0, static_cast<std::uint32_t>(groups_.size())};
    for (std::uint32_t g = 0; g < groups_.size() && sum; ++g) {
      const Purchase bought = planned(g, group, purchase);
      const auto price = price_in_zone(g, bought, zone, now);
      const bool fits = price && (bought != Purchase::spot || group_fits(g, zone, now, trial));
      sum = fits ? std::optional(*sum + *price) : std::nullopt;
    }
    if (!sum || (best && *sum >= *best)) continue;
    best = sum;
    zone_ = zone;
  }
}

std::optional<std::uint32_t> Fleet::place(std::uint32_t group, Purchase purchase, Time now) {
  if (mix_->launch.single_zone && zone_ == kNoZone) {
    choose_zone(group, purchase, now);
    if (zone_ == kNoZone) return std::nullopt;
  }
  const auto pool = purchase == Purchase::reserved ? place_reserved(group)
                    : purchase == Purchase::spot   ? place_spot(group, now)
                                                   : place_on_demand(group, now);
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
    if (!allowed_zone(pool) || !may_add({held_, unmet_}, g, i, missing_units(g))) continue;
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

/// On demand is the cheapest type unless `prioritized` is asked for (docs/rules.md 16).
std::optional<std::uint32_t> Fleet::place_on_demand(std::uint32_t g, Time now) {
  const GroupState& group = groups_[g];
  const bool prioritized = mix_->groups[g].allocation == Allocation::prioritized;
  std::optional<Candidate> best;
  for (std::size_t i = 0; i < group.pools.size(); ++i) {
    const std::uint32_t pool = group.pools[i];
    PoolView& view = views_[pool];
    if (!view.sells_on_demand() || !allowed_zone(pool) || quota_left(pool, Purchase::on_demand) <= 0)
      continue;
    if (!may_add({held_, unmet_}, g, i, missing_units(g))) continue;
    const Candidate candidate{pool, view.on_demand_price_at(now).nano_usd_per_h / group.weights[i], 1, 0};
    if (!best || (!prioritized && candidate.price_per_unit < best->price_per_unit)) best = candidate;
  }
  return best ? std::optional(best->pool) : std::nullopt;
}

/// A reservation stands in one pool, and counts towards the quota as on demand does.
std::optional<std::uint32_t> Fleet::place_reserved(std::uint32_t g) const {
  const std::uint32_t pool = groups_[g].pools.front();
  const bool fits = allowed_zone(pool) && quota_left(pool, Purchase::reserved) > 0;
  return fits ? std::optional(pool) : std::nullopt;
}

/// Counts the vCPUs that each launch would take: pools may share a quota.
bool Fleet::could_place_all(std::uint32_t g, Purchase purchase, Time now) {
  const GroupState& group = groups_[g];
  const bool spot = purchase == Purchase::spot;
  for (std::size_t q = 0; q < free_vcpus_.size(); ++q) {
    const Quota& quota = market_->quotas[q];
    free_vcpus_[q] = spot ? left_of(quota.spot_vcpus, quota_use_[q].spot_vcpus)
                          : left_of(quota.on_demand_vcpus, quota_use_[q].on_demand_vcpus);
  }
  int missing = missing_units(g);
  Trial trial{held_, unmet_};
  for (std::size_t i = 0; i < group.pools.size() && missing > 0; ++i) {
    const std::uint32_t pool = group.pools[i];
    if (!allowed_zone(pool)) continue;
    const bool sold = purchase == Purchase::reserved ? i == 0 : spot || views_[pool].sells_on_demand();
    const int left = spot ? std::max(0, spot_left(g, pool, now)) : (sold ? kUnlimited : 0);
    const int taken = add(trial, g, i, missing, std::min(left, fitting(views_[pool].pool(), free_vcpus_)));
    take(views_[pool].pool(), taken, free_vcpus_);
    missing -= taken * group.weights[i];
  }
  return missing <= 0;
}

}  // namespace spotmix::sim
