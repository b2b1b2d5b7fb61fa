#include "sim/fleet/fleet.h"

#include <algorithm>

namespace spotmix::sim {

Fleet::Fleet(const Market& market, const Mix& mix) : market_(&market), mix_(&mix) {
  std::vector<int> asked;  // of each pool, by all groups
  for (std::uint32_t g = 0; g < mix.groups.size(); ++g) {
    const Group& group = mix.groups[g];
    std::vector<std::uint32_t> pools;
    for (const std::uint32_t in_market : group.pools) {
      const auto known = std::find(market_pools_.begin(), market_pools_.end(), in_market);
      const auto pool = static_cast<std::uint32_t>(known - market_pools_.begin());
      if (known == market_pools_.end()) {
        market_pools_.push_back(in_market);
        asked.push_back(0);
      }
      asked[pool] += group.count;
      pools.push_back(pool);
    }
    pools_of_group_.push_back(std::move(pools));
    Slot slot;
    slot.group = g;
    slots_.insert(slots_.end(), static_cast<std::size_t>(group.count), slot);
  }
  for (std::size_t p = 0; p < market_pools_.size(); ++p) {
    views_.emplace_back(market.pools[market_pools_[p]], market.capacity_when_available.value_or(asked[p]));
  }
  spot_in_.resize(views_.size());
  free_.resize(views_.size());
}

void Fleet::reset(Time start) {
  for (Slot& slot : slots_) {
    const std::uint32_t group = slot.group;
    slot = Slot{};
    slot.group = group;
    slot.empty_since = start;
  }
  for (auto& list : spot_in_) list.clear();
  filled_ = ready_ = on_demand_ = launched_ = 0;
}

Running Fleet::running() const {
  if (!complete()) return Running::none;
  if (on_demand_ == 0) return Running::spot;
  return on_demand_ == size() ? Running::on_demand : Running::mixed;
}

Duration Fleet::missing_for(Time now) const {
  if (complete()) return Duration{0};
  Time oldest = now;
  for (const Slot& slot : slots_) {
    if (slot.state == SlotState::empty) oldest = std::min(oldest, slot.empty_since);
  }
  return now - oldest;
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

int Fleet::spot_capacity(std::uint32_t group, std::uint32_t pool, Time now) {
  PoolView& view = views_[pool];
  if (!view.sells_spot()) return 0;
  const std::optional<HourlyPrice> limit = price_limit(group, pool, now);
  if (limit && view.spot_price_at(now) > *limit) return 0;
  return view.capacity_at(now);
}

bool Fleet::spot_available(Time now) {
  if (views_.size() == 1 && pools_of_group_.size() == 1) {
    return spot_capacity(0, 0, now) >= mix_->groups[0].count;
  }
  std::fill(free_.begin(), free_.end(), -1);  // not asked yet
  for (std::uint32_t g = 0; g < pools_of_group_.size(); ++g) {
    int missing = mix_->groups[g].count;
    for (const std::uint32_t pool : pools_of_group_[g]) {
      const int capacity = spot_capacity(g, pool, now);
      int& left = free_[pool];
      if (left < 0) left = views_[pool].capacity_at(now);
      const int taken = std::min({missing, left, capacity});
      left -= taken;
      missing -= taken;
      if (missing == 0) break;
    }
    if (missing > 0) return false;
  }
  return true;
}

std::optional<std::uint32_t> Fleet::place(std::uint32_t group, Purchase purchase, Time now) {
  return purchase == Purchase::spot ? place_spot(group, now) : place_on_demand(group, now);
}

std::optional<std::uint32_t> Fleet::place_spot(std::uint32_t group, Time now) {
  const bool diversified = mix_->groups[group].allocation == Allocation::diversified;
  std::optional<std::uint32_t> best;
  std::size_t best_held = 0;
  HourlyPrice best_price;
  for (const std::uint32_t pool : pools_of_group_[group]) {
    const std::size_t held = spot_in_[pool].size();
    const int capacity = spot_capacity(group, pool, now);
    if (capacity <= 0 || held >= static_cast<std::size_t>(capacity)) continue;
    PoolView& view = views_[pool];
    const HourlyPrice price = view.spot_price_at(now);
    if (diversified && view.sells_on_demand() && price >= view.on_demand_price_at(now)) continue;
    const bool better = !best || (diversified && held != best_held ? held < best_held : price < best_price);
    if (!better) continue;
    best = pool;
    best_held = held;
    best_price = price;
  }
  return best;
}

std::optional<std::uint32_t> Fleet::place_on_demand(std::uint32_t group, Time now) {
  std::optional<std::uint32_t> best;
  HourlyPrice best_price;
  for (const std::uint32_t pool : pools_of_group_[group]) {
    if (!views_[pool].sells_on_demand()) continue;
    const HourlyPrice price = views_[pool].on_demand_price_at(now);
    if (best && price >= best_price) continue;
    best = pool;
    best_price = price;
  }
  return best;
}

void Fleet::fill(std::uint32_t s, Purchase purchase, std::uint32_t pool) {
  Slot& slot = slots_[s];
  slot.state = SlotState::pending;
  slot.purchase = purchase;
  slot.noticed = false;
  slot.pool = pool;
  slot.instance = launched_++;
  ++filled_;
  if (purchase == Purchase::on_demand) {
    ++on_demand_;
    return;
  }
  slot.place_in_pool = static_cast<std::uint32_t>(spot_in_[pool].size());
  spot_in_[pool].push_back(s);
}

void Fleet::mark_running(std::uint32_t s, Time now) {
  slots_[s].state = SlotState::booting;
  slots_[s].running_since = now;
}

void Fleet::mark_ready(std::uint32_t s) {
  slots_[s].state = SlotState::ready;
  ++ready_;
}

void Fleet::clear(std::uint32_t s, Time now) {
  Slot& slot = slots_[s];
  if (slot.state == SlotState::ready) --ready_;
  --filled_;
  if (slot.purchase == Purchase::on_demand) {
    --on_demand_;
  } else {
    auto& list = spot_in_[slot.pool];
    const std::uint32_t last = list.back();
    list[slot.place_in_pool] = last;
    slots_[last].place_in_pool = slot.place_in_pool;
    list.pop_back();
  }
  slot.state = SlotState::empty;
  slot.empty_since = now;
  slot.next_event = EventHandle{};
}

}  // namespace spotmix::sim
