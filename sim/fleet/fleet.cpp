#include "sim/fleet/fleet.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "base/random/random.h"

namespace spotmix::sim {

std::vector<std::uint32_t> regions_of(const Market& market, const Mix& mix) {
  std::vector<std::uint32_t> regions;
  for (const Group& group : mix.groups) {
    for (const std::uint32_t pool : group.pools) {
      const std::uint32_t region = market.pools[pool].region;
      if (std::find(regions.begin(), regions.end(), region) == regions.end()) regions.push_back(region);
    }
  }
  return regions;
}

Fleet::Fleet(const Market& market, const Mix& mix) : market_(&market), mix_(&mix) {
  std::vector<int> asked;  // of each pool, by all groups
  for (std::uint32_t g = 0; g < mix.groups.size(); ++g) {
    const Group& group = mix.groups[g];
    GroupState state;
    int least_weight = group.count;
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      const auto known = std::find(market_pools_.begin(), market_pools_.end(), group.pools[i]);
      const auto pool = static_cast<std::uint32_t>(known - market_pools_.begin());
      if (known == market_pools_.end()) {
        market_pools_.push_back(group.pools[i]);
        asked.push_back(0);
      }
      const int weight = group.weights.empty() ? 1 : group.weights[i];
      least_weight = std::min(least_weight, weight);
      asked[pool] += (group.count + weight - 1) / weight;
      state.pools.push_back(pool);
      state.weights.push_back(weight);
    }
    state.types = group.types;
    assert(mix.compositions.empty() || state.types.size() == state.pools.size());
    state.first_slot = size();
    state.slots = static_cast<std::uint32_t>((group.count + least_weight - 1) / least_weight);
    if (mix.launch.replace_before_termination) state.slots *= 2;
    Slot slot;
    slot.group = g;
    slots_.insert(slots_.end(), state.slots, slot);
    wanted_units_ += group.count;
    groups_.push_back(std::move(state));
  }
  const std::vector<std::uint32_t> as_spot = spot_pools(mix);
  const std::vector<std::uint32_t> regions = regions_of(market, mix);
  one_region_ = regions.size() < 2;
  std::map<std::string, std::uint32_t> zones;
  for (std::size_t p = 0; p < market_pools_.size(); ++p) {
    const Pool& pool = market.pools[market_pools_[p]];
    assert(pool.region < kMostRegions);
    const bool buys_spot = std::find(as_spot.begin(), as_spot.end(), market_pools_[p]) != as_spot.end();
    views_.emplace_back(pool, market.capacity_when_available.value_or(asked[p]), buys_spot);
    const auto [zone, is_new] = zones.try_emplace(pool.zone, static_cast<std::uint32_t>(zones.size()));
    zone_of_pool_.push_back(zone->second);
    const auto region = std::find(regions.begin(), regions.end(), pool.region);
    region_of_pool_.push_back(static_cast<std::uint32_t>(region - regions.begin()));
    if (is_new) zone_entities_.push_back(entity_of(pool.zone));
    pool_entities_.push_back(entity_of(pool.instance_type + "/" + pool.zone));
  }
  zones_ = static_cast<std::uint32_t>(zones.size());
  spot_in_.resize(views_.size());
  free_.resize(views_.size());
  quota_use_.resize(market.quotas.size());
  free_vcpus_.resize(market.quotas.size());
}

void Fleet::reset(Time start) {
  for (Slot& slot : slots_) {
    const std::uint32_t group = slot.group;
    slot = Slot{};
    slot.group = group;
  }
  for (GroupState& group : groups_) {
    group.units = group.ready_units = group.ready_at_risk = 0;
    group.short_since = start;
  }
  for (auto& list : spot_in_) list.clear();
  std::fill(quota_use_.begin(), quota_use_.end(), QuotaUse{});
  unmet_ = unready_ = static_cast<std::uint32_t>(groups_.size());
  ready_units_ = 0;
  held_ = 0;
  zone_ = kNoZone;
  filled_ = on_demand_ = launched_ = 0;
}

Running Fleet::running() const {
  if (!complete()) return Running::none;
  if (on_demand_ == 0) return Running::spot;
  return on_demand_ == filled_ ? Running::on_demand : Running::mixed;
}

Duration Fleet::missing_for(Time now) const {
  Duration longest{0};
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (!group_met(g)) longest = std::max(longest, now - groups_[g].short_since);
  }
  return longest;
}

void Fleet::count_units(std::uint32_t g, int units, int ready_units, Time now) {
  GroupState& group = groups_[g];
  const int wanted = mix_->groups[g].count;
  const bool was_met = group.units >= wanted;
  const bool was_ready = group.ready_units >= wanted;
  group.units += units;
  group.ready_units += ready_units;
  ready_units_ += ready_units;
  const bool is_met = group.units >= wanted;
  const bool is_ready = group.ready_units >= wanted;
  if (was_met != is_met) unmet_ += is_met ? 0xffffffff : 1;
  if (was_ready != is_ready) unready_ += is_ready ? 0xffffffff : 1;
  if (was_met && !is_met) group.short_since = now;
}

void Fleet::count_ready_at_risk(std::uint32_t g, int units) {
  groups_[g].ready_at_risk += units;
  ready_units_ += units;
}

bool Fleet::able() const {
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].ready_units + groups_[g].ready_at_risk < mix_->groups[g].count) return false;
  }
  return true;
}

/// Of the pool among those of its group.
std::size_t Fleet::place_of(std::uint32_t g, std::uint32_t pool) const {
  const auto& pools = groups_[g].pools;
  return static_cast<std::size_t>(std::find(pools.begin(), pools.end(), pool) - pools.begin());
}

int Fleet::weight_of(std::uint32_t g, std::uint32_t pool) const {
  return groups_[g].weights[place_of(g, pool)];
}

const Composition* Fleet::composition(int most_units) const {
  if (!has_compositions()) return nullptr;
  Compositions::Key key = 0;
  int units_left = most_units;
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const GroupState& group = groups_[g];
    int missing = mix_->groups[g].count;
    for (const bool at_risk : {false, true}) {
      for (std::uint32_t s = group.first_slot; s < group.first_slot + group.slots && missing > 0; ++s) {
        const Slot& slot = slots_[s];
        if (slot.state != SlotState::ready || slot.at_risk != at_risk || slot.units > units_left) continue;
        key += mix_->compositions.one(slot.type);
        missing -= slot.units;
        units_left -= slot.units;
      }
    }
  }
  return mix_->compositions.find(key);
}

const Composition* Fleet::composition_in(std::span<const std::uint32_t> slots) const {
  if (!has_compositions()) return nullptr;
  Compositions::Key key = 0;
  for (const std::uint32_t s : slots) key += mix_->compositions.one(slots_[s].type);
  return mix_->compositions.find(key);
}

std::optional<std::uint32_t> Fleet::empty_slot(std::uint32_t g) const {
  const GroupState& group = groups_[g];
  for (std::uint32_t s = group.first_slot; s < group.first_slot + group.slots; ++s) {
    if (slots_[s].state == SlotState::empty) return s;
  }
  return std::nullopt;
}

void Fleet::fill(std::uint32_t s, Purchase purchase, std::uint32_t pool) {
  Slot& slot = slots_[s];
  assert(slot.state == SlotState::empty);
  slot.state = SlotState::pending;
  slot.purchase = purchase;
  slot.noticed = slot.leaves_at_change = slot.recommended = slot.at_risk = false;
  slot.ends_at = kNever;
  slot.pool = pool;
  slot.instance = launched_++;
  slot.units = weight_of(slot.group, pool);
  if (has_compositions()) {
    slot.type = groups_[slot.group].types[place_of(slot.group, pool)];
    held_ += mix_->compositions.one(slot.type);
  }
  ++filled_;
  count_units(slot.group, slot.units, 0, Time{});
  if (mix_->launch.single_zone) zone_ = zone_of_pool_[pool];
  const Pool& traded = views_[pool].pool();
  if (purchase != Purchase::spot) {
    ++on_demand_;
    if (traded.quota != Pool::kNoQuota) quota_use_[traded.quota].on_demand_vcpus += traded.vcpus;
    return;
  }
  if (traded.quota != Pool::kNoQuota) quota_use_[traded.quota].spot_vcpus += traded.vcpus;
  slot.place_in_pool = static_cast<std::uint32_t>(spot_in_[pool].size());
  spot_in_[pool].push_back(s);
}

void Fleet::mark_running(std::uint32_t s, Time now) {
  assert(slots_[s].state == SlotState::pending);
  slots_[s].state = SlotState::booting;
  slots_[s].running_since = now;
}

void Fleet::mark_ready(std::uint32_t s) {
  Slot& slot = slots_[s];
  assert(slot.state == SlotState::booting);
  slot.state = SlotState::ready;
  if (slot.at_risk)
    count_ready_at_risk(slot.group, slot.units);
  else
    count_units(slot.group, 0, slot.units, Time{});
}

void Fleet::mark_at_risk(std::uint32_t s, Time now) {
  Slot& slot = slots_[s];
  assert(slot.state != SlotState::empty && !slot.at_risk);
  slot.at_risk = true;
  if (has_compositions()) held_ -= mix_->compositions.one(slot.type);
  const int ready = slot.state == SlotState::ready ? slot.units : 0;
  count_units(slot.group, -slot.units, -ready, now);
  count_ready_at_risk(slot.group, ready);
}

void Fleet::clear(std::uint32_t s, Time now) {
  Slot& slot = slots_[s];
  assert(slot.state != SlotState::empty);
  const int ready = slot.state == SlotState::ready ? slot.units : 0;
  if (slot.at_risk)
    count_ready_at_risk(slot.group, -ready);
  else
    count_units(slot.group, -slot.units, -ready, now);
  if (has_compositions() && !slot.at_risk) held_ -= mix_->compositions.one(slot.type);
  --filled_;
  const Pool& traded = views_[slot.pool].pool();
  if (slot.purchase != Purchase::spot) {
    --on_demand_;
    if (traded.quota != Pool::kNoQuota) quota_use_[traded.quota].on_demand_vcpus -= traded.vcpus;
  } else {
    if (traded.quota != Pool::kNoQuota) quota_use_[traded.quota].spot_vcpus -= traded.vcpus;
    auto& list = spot_in_[slot.pool];
    const std::uint32_t last = list.back();
    list[slot.place_in_pool] = last;
    slots_[last].place_in_pool = slot.place_in_pool;
    list.pop_back();
  }
  slot.state = SlotState::empty;
  slot.next_event = slot.end_event = EventHandle{};
  if (filled_ == 0) zone_ = kNoZone;
}

int Fleet::zones_in_use() const {
  if (zones_ == 1) return 1;
  std::uint64_t seen = 0;  // a region has fewer than 64 zones
  for (const Slot& slot : slots_) {
    if (slot.state == SlotState::ready) seen |= std::uint64_t{1} << (zone_of_pool_[slot.pool] % 64);
  }
  return std::popcount(seen);
}

RegionSet Fleet::regions_in_use() const {
  if (one_region_) return 1;
  RegionSet seen = 0;
  for (const Slot& slot : slots_) {
    if (slot.state == SlotState::ready) seen |= RegionSet{1} << region_of_pool_[slot.pool];
  }
  return seen;
}

void Fleet::rewind_market() {
  for (PoolView& view : views_) view.rewind();
}

}  // namespace spotmix::sim
