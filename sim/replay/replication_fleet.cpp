// Lives of instances: what is launched, what is stopped, and what each cost.
#include <algorithm>

#include "sim/replay/replication.h"

namespace spotmix::sim {

Purchase Replication::wanted_purchase(std::uint32_t group, Choice choice) const {
  const Purchase configured = mix_->groups[group].purchase;
  if (configured == Purchase::reserved) return configured;  // paid for already
  if (choice == Choice::spot) return Purchase::spot;
  if (choice == Choice::on_demand || choice == Choice::fill_on_demand) return Purchase::on_demand;
  return configured;
}

/// Whether `choice` wants this instance gone, or its replacement is there.
bool Replication::unwanted(const Slot& slot, Choice choice) const {
  if (slot.state == SlotState::empty) return false;
  if (slot.at_risk && fleet_.all_ready()) return true;
  if (choice == Choice::wait) return true;
  if (choice == Choice::configured || choice == Choice::fill_on_demand) return false;
  return slot.purchase != wanted_purchase(slot.group, choice);
}

/// Says false when training must write a checkpoint first, which it then does.
bool Replication::stop_unwanted(Choice choice, bool saved) {
  const auto slots = fleet_.slots();
  if (std::none_of(slots.begin(), slots.end(), [&](const Slot& slot) { return unwanted(slot, choice); }))
    return true;
  const bool writes_checkpoints = mix_->recovery.checkpoint.kind == CheckpointSpec::Kind::interval;
  const bool reconfigures = phase_ == Phase::restoring && progress_.done(now_) > progress_.saved(now_);
  if (!saved && phase_ == Phase::saving) return false;
  if (!saved && (phase_ == Phase::training || reconfigures) && writes_checkpoints) {
    begin_saving();
    return false;
  }
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    if (unwanted(fleet_.slot(s), choice)) detach(s, UsageEnd::stopped_by_user);
  }
  regroup();
  return true;
}

/// A fleet that is bound to one zone, and has lacked instances there for long, moves when another zone can
/// take it.
bool Replication::leave_full_zone() {
  const LaunchSpec& launch = mix_->launch;
  if (!launch.single_zone || fleet_.empty() || active()) return false;
  if (fleet_.missing_for(now_) < launch.leave_zone_after || !fleet_.other_zone_available(now_)) return false;
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    if (fleet_.slot(s).state != SlotState::empty) detach(s, UsageEnd::stopped_by_user);
  }
  regroup();
  return true;
}

void Replication::fill_missing(Choice choice) {
  if (choice == Choice::wait || fleet_.complete()) return;
  leave_full_zone();
  last_attempt_ = now_;
  bool failed = false;
  for (std::uint32_t g = 0; g < mix_->groups.size(); ++g) {
    const Purchase purchase = wanted_purchase(g, choice);
    if (fleet_.group_met(g)) continue;
    if (mix_->groups[g].launch_together && !fleet_.could_place_all(g, purchase, now_)) {
      failed = true;
    }
    while (!failed && !fleet_.group_met(g)) {
      const std::optional<std::uint32_t> s = fleet_.empty_slot(g);
      const std::optional<std::uint32_t> pool = s ? fleet_.place(g, purchase, now_) : std::nullopt;
      failed = !pool;
      if (pool) launch(*s, purchase, *pool);
    }
    if (!failed) continue;
    failed = false;
    ledger_.note(now_, TimelineKind::launch_failed, kNoInstance, 0, purchase, progress_.done(now_));
  }
  const LaunchSpec& spec = mix_->launch;
  if (fleet_.complete()) {
    if (phase_ == Phase::waiting) set_phase(Phase::assembling);
  } else if (!decides_at_intervals() && spec.single_zone && spec.leave_zone_after != kForever &&
             !fleet_.empty()) {
    schedule_decision(now_ + std::max(spec.leave_zone_after - fleet_.missing_for(now_),
                                      std::max<Duration>(spec.retry, seconds{1})));
  }
}

void Replication::launch(std::uint32_t s, Purchase purchase, std::uint32_t pool) {
  fleet_.fill(s, purchase, pool);
  Slot& slot = fleet_.slot(s);
  slot.launch = ++launched_in_[pool];
  ledger_.note(now_, TimelineKind::launch_requested, slot.instance, fleet_.market_pool(pool), purchase,
               progress_.done(now_));
  if (purchase == Purchase::spot) unwatch(pool);  // to be watched again with this instance in it
  if (mix_->launch.pending.count() == 0) return on_launched(s);
  slot.next_event = schedule(now_ + mix_->launch.pending, EventKind::launched, s);
}

void Replication::on_launched(std::uint32_t s) {
  settle();
  fleet_.mark_running(s, now_);
  ledger_.open(s);
  Slot& slot = fleet_.slot(s);
  ledger_.note(now_, TimelineKind::instance_running, slot.instance, fleet_.market_pool(slot.pool),
               slot.purchase, progress_.done(now_));
  if (slot.purchase == Purchase::spot) draw_lifetime(s);
  if (mix_->launch.boot.count() == 0) return on_booted(s);
  slot.next_event = schedule(now_ + mix_->launch.boot, EventKind::booted, s);
}

void Replication::on_booted(std::uint32_t s) {
  fleet_.mark_ready(s);
  const Slot& slot = fleet_.slot(s);
  ledger_.note(now_, TimelineKind::instance_ready, slot.instance, fleet_.market_pool(slot.pool),
               slot.purchase, progress_.done(now_));
  joined_.push_back(s);
  // All that become ready at one time join together.
  if (!queue_.pending(regroup_event_)) regroup_event_ = schedule(now_, EventKind::regroup);
}

/// Takes an instance out of the fleet; its bill is written by `bill_leavers`, after the gang has been told.
void Replication::detach(std::uint32_t s, UsageEnd end) {
  const Slot& slot = fleet_.slot(s);
  queue_.cancel(slot.next_event);
  queue_.cancel(slot.end_event);
  const auto just_joined = std::find(joined_.begin(), joined_.end(), s);
  if (just_joined != joined_.end()) {
    joined_.erase(just_joined);
  } else if (slot.state == SlotState::ready) {
    left_.push_back(s);
  }
  leavers_.push_back({slot, s, end});
  fleet_.clear(s, now_);
}

void Replication::bill_leavers() {
  for (const Leaver& leaver : leavers_) {
    const Slot& slot = leaver.slot;
    const std::uint32_t market_pool = fleet_.market_pool(slot.pool);
    const bool ran = slot.state != SlotState::pending;
    Money cost;
    if (ran) cost = ledger_.close(leaver.index, slot, market_pool, {slot.running_since, now_, leaver.end});
    TimelineKind kind = TimelineKind::stopped;
    if (leaver.end == UsageEnd::interrupted_by_provider) {
      kind = ran ? TimelineKind::interrupted : TimelineKind::launch_failed;
      interruptions_ += ran ? 1 : 0;
    }
    ledger_.note(now_, kind, slot.instance, market_pool, slot.purchase, progress_.done(now_), cost);
  }
  leavers_.clear();
}

}  // namespace spotmix::sim
