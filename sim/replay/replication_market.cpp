// The market's side of a replication: which of its changes are waited for, whom they hit, and who is told
// before.
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
    const auto& pools = mix_->groups[g].pools;
    if (std::find(pools.begin(), pools.end(), fleet_.market_pool(pool)) == pools.end()) continue;
    const std::optional<HourlyPrice> limit = fleet_.price_limit(g, pool, now_);
    if (limit) next = std::min(next, view.next_price_crossing(now_, *limit));
  }
  return next;
}

void Replication::watch(std::uint32_t pool) {
  Watch& watch = watches_[pool];
  watch.change = next_change(pool);
  watch.notice = false;
  if (watch.change == kNever) return;
  Time at = watch.change;
  if (experiment_->market.notice.count() > 0 && !fleet_.spot_in(pool).empty()) {
    choose_victims(pool, watch.change);
    watch.notice = !victims_.empty();
    if (watch.notice) at = std::max(now_, watch.change - experiment_->market.notice);
  }
  watch.event = schedule(at, EventKind::market, pool);
}

void Replication::on_market(std::uint32_t pool) {
  if (watches_[pool].notice) {
    give_notice(pool);
    return;
  }
  take_back(pool);
  watches_[pool].event = EventHandle{};
  watch_pools();
  if (!decides_at_intervals() && !fleet_.complete()) wake_for_retry();
}

/// Fills victims_ with the slots that the pool takes back at `at`: those already told, those whose limit the
/// price passes, and, while more are held than there is capacity for, others: in the auction those that bid
/// least, else drawn fairly.
void Replication::choose_victims(std::uint32_t pool, Time at) {
  victims_.clear();
  PoolView& view = fleet_.view(pool);
  const auto held = fleet_.spot_in(pool);
  const HourlyPrice price = view.spot_price_at(at);
  survivors_.clear();
  for (const std::uint32_t s : held) {
    const std::optional<HourlyPrice> limit = fleet_.price_limit(fleet_.slot(s).group, pool, at);
    const bool goes = fleet_.slot(s).noticed || (limit && price > *limit);
    (goes ? victims_ : survivors_).push_back(s);
  }
  const auto capacity = static_cast<std::size_t>(view.capacity_at(at));
  if (survivors_.size() <= capacity) return;
  const std::size_t excess = survivors_.size() - capacity;
  if (capacity > 0) {
    std::sort(survivors_.begin(), survivors_.end());
    shuffle_survivors(pool, at);
    if (experiment_->market.regime == Regime::aws_auction) {
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
  const std::uint64_t entity = static_cast<std::uint64_t>(at.count()) * 0x10001 + fleet_.market_pool(pool);
  RandomStream random(experiment_->seed, replication_, entity, Purpose::interruption_choice);
  for (std::size_t i = survivors_.size(); i > 1; --i) {
    std::swap(survivors_[i - 1], survivors_[random.below(i)]);
  }
}

void Replication::give_notice(std::uint32_t pool) {
  Watch& watch = watches_[pool];
  watch.notice = false;
  watch.event = schedule(watch.change, EventKind::market, pool);
  choose_victims(pool, watch.change);
  for (const std::uint32_t s : victims_) {
    Slot& slot = fleet_.slot(s);
    if (slot.noticed) continue;
    slot.noticed = true;
    ledger_.note(now_, TimelineKind::notice, slot.instance, fleet_.market_pool(pool), slot.purchase,
                 progress_.done(now_));
  }
  const CheckpointSpec& checkpoint = mix_->recovery.checkpoint;
  const bool fits = checkpoint.write <= watch.change - now_;
  if (checkpoint.on_notice && phase_ == Phase::training && fits && !victims_.empty()) begin_saving();
}

void Replication::take_back(std::uint32_t pool) {
  choose_victims(pool, now_);
  if (victims_.empty()) return;
  break_gang();
  std::sort(victims_.begin(), victims_.end());
  for (const std::uint32_t s : victims_) remove(s, UsageEnd::interrupted_by_provider);
  assemble();
}

/// A fleet that lacks instances tries again at the next of its regular attempts.
void Replication::wake_for_retry() {
  const Duration retry = mix_->launch.retry;
  if (retry.count() == 0 || last_attempt_ == now_) return schedule_decision(now_);
  schedule_decision(last_attempt_ + round_up(now_ - last_attempt_, retry));
}

}  // namespace spotmix::sim
