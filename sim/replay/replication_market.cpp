// What the provider does: which of its changes are waited for, whom they hit, and who is told before.
#include <algorithm>

#include "sim/replay/replication.h"

namespace spotmix::sim {

void Replication::watch_pools() {
  for (std::uint32_t pool = 0; pool < fleet_.pool_count(); ++pool) {
    const bool holds_spot = !fleet_.spot_in(pool).empty();
    const bool waits_for_spot =
        !decides_at_intervals() && !fleet_.complete() && current_ != Choice::on_demand;
    if (!holds_spot && !waits_for_spot) {
      unwatch(pool);
    } else if (!queue_.pending(watches_[pool].event)) {
      watch(pool);
    }
  }
}

/// The first of a history of its own: enough for the job without interruptions, and for policies that look
/// ahead to the deadline.
void Replication::begin_history() {
  const Duration expected = std::max({facts_.work, facts_.deadline, market_->bootstrap.block});
  own_market_->extend(start_ + std::min(experiment_->horizon, expected));
  extend_history();
}

/// Doubles the history in good time before its end: losses near it are announced `notice` and
/// `rebalance_lead` ahead.
void Replication::extend_history() {
  const Time known = own_market_->known_until();
  const Duration ahead = market_->notice + market_->rebalance_lead + Duration{1};
  if (now_ + ahead >= known) {
    const Time twice = std::max(known, now_ + ahead) + (known - start_);
    own_market_->extend(std::min(twice, start_ + experiment_->horizon + ahead));
    // What was looked for and not found may have come to be known.
    for (std::uint32_t pool = 0; pool < fleet_.pool_count(); ++pool) {
      if (!queue_.pending(watches_[pool].event) || watches_[pool].change >= known) unwatch(pool);
    }
    watch_pools();
  }
  if (own_market_->known_until() < start_ + experiment_->horizon + ahead)
    schedule(std::max(now_, own_market_->known_until() - ahead), EventKind::history);
}

void Replication::unwatch(std::uint32_t pool) {
  queue_.cancel(watches_[pool].event);
  watches_[pool].event = EventHandle{};
}

/// The next time after now at which the pool's capacity changes, or its price crosses the limit of a group
/// that may use it.
Time Replication::next_change(std::uint32_t pool) {
  PoolView& view = fleet_.view(pool);
  if (!view.sells_spot()) return kNever;
  view.capacity_at(now_);
  Time next = view.next_capacity_change();
  for (std::uint32_t g = 0; g < mix_->groups.size(); ++g) {
    const auto pools = fleet_.pools_of(g);
    if (std::find(pools.begin(), pools.end(), pool) == pools.end()) continue;
    const std::optional<HourlyPrice> limit = fleet_.price_limit(g, pool, now_);
    const bool bids_on_demand = market_->regime == Regime::aws_auction && !mix_->groups[g].max_price;
    if (limit) {
      next = std::min(next, bids_on_demand ? view.next_on_demand_crossing(now_, {})
                                           : view.next_price_crossing(now_, *limit));
    }
    // It may start again when its price falls below on demand.
    if (mix_->groups[g].allocation == Allocation::diversified && view.sells_on_demand())
      next = std::min(next, view.next_on_demand_crossing(now_, {1}));
  }
  return next;
}

Replication::WatchStage Replication::first_stage() const {
  if (market_->rebalance_lead.count() > 0) return WatchStage::recommendation;
  return market_->notice.count() > 0 ? WatchStage::notice : WatchStage::change;
}

/// When a loss at `change` is announced at this stage; not before now.
Time Replication::announcement(Time change, WatchStage stage) const {
  Duration ahead{0};
  if (stage != WatchStage::change) ahead += market_->notice;
  if (stage == WatchStage::recommendation) ahead += market_->rebalance_lead;
  return std::max(now_, change - ahead);
}

void Replication::watch(std::uint32_t pool) {
  Watch& watch = watches_[pool];
  watch.change = next_change(pool);
  watch.stage = WatchStage::change;
  if (watch.change == kNever) return;
  if (first_stage() != WatchStage::change && !fleet_.spot_in(pool).empty()) {
    choose_victims(pool, watch.change);
    if (!victims_.empty()) watch.stage = first_stage();
  }
  watch.event = schedule(announcement(watch.change, watch.stage), EventKind::market, pool);
}

void Replication::on_market(std::uint32_t pool) {
  Watch& watch = watches_[pool];
  if (watch.stage == WatchStage::change) {
    choose_victims(pool, now_);
    take_back();
    watch_pools();
    if (!decides_at_intervals() && !fleet_.complete()) wake_for_retry();
    return;
  }
  const WatchStage stage = watch.stage;
  watch.stage = stage == WatchStage::recommendation && market_->notice.count() > 0 ? WatchStage::notice
                                                                                   : WatchStage::change;
  watch.event = schedule(announcement(watch.change, watch.stage), EventKind::market, pool);
  const Time change = watch.change;
  choose_victims(pool, change);
  bool news = false;
  for (const std::uint32_t s : victims_) {
    Slot& slot = fleet_.slot(s);
    news = news || !slot.leaves_at_change || (stage == WatchStage::notice && !slot.noticed);
    slot.leaves_at_change = true;
    announce(s, stage, change);
  }
  if (news) announced(stage, change);
}

/// Fills victims_ with the slots that the pool takes back at `at`: those already told, those whose limit the
/// price passes, and, while more are held than there is capacity for, others: in the auction those that bid
/// least, else drawn fairly.
void Replication::choose_victims(std::uint32_t pool, Time at) {
  victims_.clear();
  survivors_.clear();
  PoolView& view = fleet_.view(pool);
  const HourlyPrice price = view.spot_price_at(at);
  for (const std::uint32_t s : fleet_.spot_in(pool)) {
    const Slot& slot = fleet_.slot(s);
    const std::optional<HourlyPrice> limit = fleet_.price_limit(slot.group, pool, at);
    (slot.leaves_at_change || (limit && price > *limit) ? victims_ : survivors_).push_back(s);
  }
  const auto capacity = static_cast<std::size_t>(view.capacity_at(at));
  if (survivors_.size() <= capacity || !view.pool().ends_of_launches.empty()) return;
  const std::size_t excess = survivors_.size() - capacity;
  if (capacity > 0) {
    std::sort(survivors_.begin(), survivors_.end());
    shuffle_survivors(pool, at);
    if (market_->regime == Regime::aws_auction) {
      std::stable_sort(survivors_.begin(), survivors_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return fleet_.price_limit(fleet_.slot(a).group, pool, at) <
               fleet_.price_limit(fleet_.slot(b).group, pool, at);
      });
    }
  }
  victims_.insert(victims_.end(), survivors_.begin(),
                  survivors_.begin() + static_cast<std::ptrdiff_t>(excess));
}

void Replication::shuffle_survivors(std::uint32_t pool, Time at) {
  // One stream for each pool and time of change, so that the notice of a change and the change itself agree.
  const std::uint64_t entity = static_cast<std::uint64_t>(ticks_of(at)) * 0x10001 + fleet_.pool_entity(pool);
  RandomStream random(experiment_->seed, replication_, entity, Purpose::interruption_choice);
  for (std::size_t i = survivors_.size(); i > 1; --i) {
    std::swap(survivors_[i - 1], survivors_[random.below(i)]);
  }
}

/// Tells one instance of its end.
void Replication::announce(std::uint32_t s, WatchStage stage, Time end) {
  Slot& slot = fleet_.slot(s);
  if (slot.noticed) return;
  const bool is_notice = stage == WatchStage::notice;
  slot.noticed = is_notice;
  ledger_.note(now_, is_notice ? TimelineKind::notice : TimelineKind::rebalance_recommendation, slot.instance,
               fleet_.market_pool(slot.pool), slot.purchase, progress_.done(now_));
  if (mix_->launch.replace_before_termination && !slot.at_risk && end > now_) fleet_.mark_at_risk(s, now_);
}

/// What the job does when some of its instances hear for the first time that they will end at `end`.
void Replication::announced(WatchStage stage, Time end) {
  if (!decides_at_intervals() && !fleet_.complete()) schedule_decision(now_);
  const bool fits = checkpoint_times_.write + checkpoint_times_.upload <= end - now_;
  const bool is_notice = stage == WatchStage::notice;
  if (mix_->recovery.checkpoint.on_notice && phase_ == Phase::training && fits && is_notice) begin_saving();
}

/// Interrupts victims_, and with them the rest of their launch groups.
void Replication::take_back() {
  if (victims_.empty()) return;
  const std::size_t chosen = victims_.size();
  for (std::size_t i = 0; i < chosen; ++i) {
    const std::uint32_t group = fleet_.slot(victims_[i]).group;
    if (!mix_->groups[group].launch_together) continue;
    for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
      const Slot& slot = fleet_.slot(s);
      if (slot.group == group && slot.state != SlotState::empty) victims_.push_back(s);
    }
  }
  std::sort(victims_.begin(), victims_.end());
  victims_.erase(std::unique(victims_.begin(), victims_.end()), victims_.end());
  for (const std::uint32_t s : victims_) detach(s, UsageEnd::interrupted_by_provider);
  regroup();
  // A loss is noticed at once, also by a policy that otherwise decides at intervals.
  if (decides_at_intervals()) schedule_decision(now_);
}

/// A fleet that lacks instances tries again at the next of its regular attempts.
void Replication::wake_for_retry() {
  const Duration retry = mix_->launch.retry;
  if (retry.count() == 0 || last_attempt_ == now_) return schedule_decision(now_);
  schedule_decision(last_attempt_ + round_up(now_ - last_attempt_, retry));
}

// Drawn lifetimes and reclaims.

void Replication::draw_lifetime(std::uint32_t s) {
  Slot& slot = fleet_.slot(s);
  const std::vector<Time>& ends = fleet_.view(slot.pool).pool().ends_of_launches;
  const std::uint32_t launch = slot.launch - 1;
  if (launch < ends.size() && ends[launch] != kNever) {
    slot.ends_at = std::max(now_, ends[launch]);
    return schedule_end(s);
  }
  const LifetimeModel* lifetime = fleet_.view(slot.pool).pool().lifetime.get();
  if (!lifetime) return;
  const std::uint64_t entity = fleet_.pool_entity(slot.pool) + slot.launch;
  RandomStream random(experiment_->seed, replication_, entity, Purpose::interruption);
  const Duration lifetime_drawn = lifetime->draw(random);
  if (lifetime_drawn == kForever) return;
  slot.ends_at = now_ + lifetime_drawn;
  schedule_end(s);
}

/// Schedules the next of recommendation, notice and end of an instance whose end is set.
void Replication::schedule_end(std::uint32_t s) {
  Slot& slot = fleet_.slot(s);
  queue_.cancel(slot.end_event);
  WatchStage stage = WatchStage::change;
  if (!slot.noticed && market_->notice.count() > 0) stage = WatchStage::notice;
  if (!slot.noticed && !slot.recommended && market_->rebalance_lead.count() > 0)
    stage = WatchStage::recommendation;
  slot.end_event = schedule(announcement(slot.ends_at, stage), EventKind::life_end, s);
}

void Replication::on_life_end(std::uint32_t s) {
  Slot& slot = fleet_.slot(s);
  const bool to_recommend = !slot.noticed && !slot.recommended && market_->rebalance_lead.count() > 0;
  const bool to_notice = !slot.noticed && market_->notice.count() > 0;
  if (to_recommend || to_notice) {
    slot.recommended = true;
    const WatchStage stage = to_recommend ? WatchStage::recommendation : WatchStage::notice;
    announce(s, stage, slot.ends_at);
    schedule_end(s);
    announced(stage, slot.ends_at);
    return;
  }
  if (now_ < slot.ends_at) return schedule_end(s);  // announced by the pool in the meantime
  victims_.assign(1, s);
  take_back();
  watch_pools();
  if (!decides_at_intervals() && !fleet_.complete()) schedule_decision(now_);
}

void Replication::schedule_reclaim(std::uint32_t zone) {
  const double mean_s = to_seconds(market_->zone_reclaims.mean_between);
  const double wait_s = reclaims_[zone].exponential(mean_s);
  if (wait_s > to_seconds(experiment_->horizon)) return;  // none any more
  schedule(now_ + from_seconds(wait_s), EventKind::reclaim, zone);
}

/// Marks a share of the zone's spot instances for an end after the notice time.
void Replication::on_reclaim(std::uint32_t zone) {
  const std::uint64_t entity = fleet_.zone_entity(zone) + static_cast<std::uint64_t>(ticks_of(now_));
  RandomStream draws(experiment_->seed, replication_, entity, Purpose::zone_reclaim_choice);
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    const double draw = draws.uniform();
    Slot& slot = fleet_.slot(s);
    const bool there = slot.state == SlotState::booting || slot.state == SlotState::ready;
    if (!there || slot.purchase != Purchase::spot || fleet_.zone_of(slot.pool) != zone) continue;
    if (draw >= market_->zone_reclaims.share) continue;
    slot.recommended = true;
    slot.ends_at = std::min(slot.ends_at, now_ + market_->notice);
    schedule_end(s);
  }
  schedule_reclaim(zone);
}

}  // namespace spotmix::sim
