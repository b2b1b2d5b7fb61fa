// The gang: when it trains, what it saves, what it loses, and how the job ends.
#include <algorithm>
#include <bit>
#include <limits>

#include "sim/replay/replication.h"

namespace spotmix::sim {

/// Books the time since the last booking to what the job did in it.
void Replication::settle() {
  switch (phase_) {
    case Phase::waiting:
      return ledger_.book(now_, &CauseTime::waiting);
    case Phase::assembling:
    case Phase::restoring:
      return ledger_.book(now_, &CauseTime::startup);
    case Phase::saving:
      return ledger_.book(now_, &CauseTime::checkpoint);
    case Phase::training:
      return ledger_.book_training(now_, progress_.spend(now_), crossings_);
  }
}

void Replication::set_phase(Phase phase) {
  settle();
  phase_ = phase;
}

void Replication::note(TimelineKind kind) {
  ledger_.note(now_, kind, kNoInstance, 0, Purchase::spot, progress_.done(now_));
}

/// Follows from what is noted; for the story only.
void Replication::tell(TimelineKind kind) {
  ledger_.tell({now_, kind, kNoInstance, 0, Purchase::spot, progress_.done(now_), {}});
}

/// Tells the gang who joined and who left, and does as it plans; then bills those that left.
void Replication::regroup() {
  queue_.cancel(regroup_event_);
  settle();
  note_where_saved();
  const bool has_checkpoint = saved_.count() > 0;
  const RegionSet regions = fleet_.regions_in_use();
  const Composition* ready = fleet_.composition(std::numeric_limits<int>::max());
  GangChange change;
  change.now = now_;
  change.joined = joined_;
  change.left = left_;
  change.active = active();
  change.restart = mix_->recovery.restart + (has_checkpoint ? time_to_read(regions, ready) : Duration{0});
  GangPlan plan = gang_->plan(fleet_, change);
  Crossings crossings = crossings_of(mix_->surroundings, fleet_.zones_in_use(), regions, plan.composition);
  plan.speed = speed_across(with_step_error(plan), crossings);
  set_traffic(plan, crossings);
  const bool goes_on = active() && plan.trains && !plan.undoes_work && plan.pause.count() == 0 &&
                       plan.speed == speed_ && plan.composition == composition_;
  joined_.clear();
  left_.clear();
  if (goes_on) {
    settle();
  } else {
    const bool was_active = active();
    stop_training(plan.undoes_work);
    speed_ = plan.speed;
    if (plan.trains) {
      composition_ = plan.composition;
      checkpoint_times_ = times_of(composition_);
      progress_.set_times(checkpoint_times_);
      if (plan.reads_checkpoint && has_checkpoint) pay_restore(regions);
      restore(plan.pause);
    } else {
      set_phase(fleet_.complete() ? Phase::assembling : Phase::waiting);
      if (was_active) tell(TimelineKind::waiting_begun);
    }
  }
  crossings_ = crossings;
  regions_ = regions;
  bill_leavers();
  // Replacements that have arrived let those go that they replace.
  const auto slots = fleet_.slots();
  const bool replaced =
      !over_ && fleet_.all_ready() &&
      std::any_of(slots.begin(), slots.end(), [](const Slot& slot) { return slot.at_risk; });
  if (replaced && !stopping_) enact(current_, false);
}

/// Remembers where the gang was when its last checkpoint was complete: there the checkpoint is.
void Replication::note_where_saved() {
  const Duration saved = progress_.saved(now_);
  if (saved == saved_ || regions_ == 0) return;
  saved_ = saved;
  checkpoint_region_ = static_cast<std::uint32_t>(std::countr_zero(regions_));
}

CheckpointTimes Replication::times_of(const Composition* composition) const {
  if (composition != nullptr) return composition->checkpoint;
  const CheckpointSpec& spec = mix_->recovery.checkpoint;
  return {spec.write, spec.upload,        spec.write_increment, spec.upload_increment,
          spec.read,  spec.read_increment};
}

/// How long the last checkpoint takes to read in `regions`.
Duration Replication::time_to_read(RegionSet regions, const Composition* composition) const {
  const CheckpointTimes times = times_of(composition);
  const int increments = progress_.saved_increments(now_);
  Duration time = times.read + increments * times.read_increment;
  if ((regions & ~(RegionSet{1} << checkpoint_region_)) == 0) return time;
  const auto add_distance = [&](const auto& longer) {
    time += longer.cross_region_read + increments * longer.cross_region_read_increment;
  };
  composition != nullptr ? add_distance(*composition) : add_distance(mix_->surroundings);
  return time;
}

/// Work is counted in the drawn step time of one composition; others have draws of their own.
Speed Replication::with_step_error(const GangPlan& plan) const {
  if (plan.composition == nullptr) return plan.speed;
  const double factor = factor_of(plan.composition->step_error);
  if (factor == step_factor_) return plan.speed;
  return speed_of(static_cast<double>(plan.speed.per_billion) * 1e-9 * step_factor_ / factor);
}

/// How often traffic passes with a gang as planned, its distances counted in. It follows the steps, which a
/// smaller gang that trains smaller batches takes as often as the whole gang does.
void Replication::set_traffic(const GangPlan& plan, Crossings& crossings) const {
  if (plan.composition == nullptr) {
    const Speed steps = mix_->surroundings.batch_is_scaled ? speed_of(crossings.speed) : plan.speed;
    crossings.ring_per_billion = crossings.cut_per_billion = steps.per_billion;
  } else if (plan.trains) {
    const double share = static_cast<double>(plan.speed.per_billion) * 1e-9 / plan.composition->speed;
    crossings.ring_per_billion = speed_of(plan.composition->ring_traffic * share).per_billion;
    crossings.cut_per_billion = speed_of(plan.composition->cut_traffic * share).per_billion;
  }
}

/// In each region one instance reads the checkpoint, and hands it on.
void Replication::pay_restore(RegionSet regions) {
  const SurroundingCosts& costs = mix_->surroundings;
  const int increments = progress_.saved_increments(now_);
  const Money requests{costs.per_restore.nano_usd + increments * costs.per_restored_increment.nano_usd};
  ledger_.book_restore(Money{requests.nano_usd * std::popcount(regions)},
                       price_of_restore(costs, checkpoint_region_, regions, increments));
}

/// Leaves training, keeping the state unless `undo`, which a gang that waits may lose too.
void Replication::stop_training(bool undo) {
  if (!active() && !undo) return;
  queue_.cancel(gang_event_);
  note_checkpoints();
  settle();
  if (stopping_) {
    stopping_ = false;
    stop_interrupted_ = true;
    schedule_decision(now_);
  }
  phase_ = Phase::waiting;
  if (!undo) return progress_.pause(now_);
  const Duration lost = progress_.lose(now_);
  if (lost.count() == 0) return;
  ledger_.book_loss(lost);
  note(TimelineKind::work_lost);
}

void Replication::restore(Duration pause) {
  note(TimelineKind::restart_begun);
  set_phase(Phase::restoring);
  restored_at_ = now_ + pause;
  if (pause.count() == 0) return begin_training();
  gang_event_ = schedule(restored_at_, EventKind::gang);
}

void Replication::on_gang_event() {
  if (phase_ == Phase::restoring) return begin_training();
  progress_.save();
  note_where_saved();
  note(TimelineKind::checkpoint_saved);
  if (!stopping_) return begin_training();
  stopping_ = false;
  enact(pending_choice_, true);
  if (phase_ == Phase::saving) begin_training();
}

void Replication::begin_training() {
  set_phase(Phase::training);
  if (to_the_end_ && fleet_.running() == Running::on_demand) progress_.stop_writing();
  progress_.begin(now_, speed_);
  note(TimelineKind::training_begun);
  schedule_finish();
}

void Replication::schedule_finish() {
  if (experiment_->complete_on_decision && decides_at_intervals()) return;
  gang_event_ = schedule(progress_.finish_time(), EventKind::finished);
}

/// What trains on demand goes on without checkpoints; one that is being written is given up.
void Replication::stop_writing() {
  if (fleet_.running() != Running::on_demand) return;
  queue_.cancel(gang_event_);
  note_checkpoints();
  settle();
  progress_.pause(now_);
  progress_.stop_writing();
  progress_.begin(now_, speed_);
  schedule_finish();
}

void Replication::begin_saving() {
  queue_.cancel(gang_event_);
  note_checkpoints();
  settle();
  progress_.pause(now_);
  phase_ = Phase::saving;
  note(TimelineKind::checkpoint_begun);
  gang_event_ = schedule(now_ + checkpoint_times_.write + checkpoint_times_.upload, EventKind::gang);
}

void Replication::note_checkpoints() {
  if (!ledger_.recording()) return;
  progress_.visit_checkpoints(now_, [&](Time begin, Time end) {
    ledger_.tell(
        {begin, TimelineKind::checkpoint_begun, kNoInstance, 0, Purchase::spot, progress_.done(begin), {}});
    if (end > now_) return;
    ledger_.tell(
        {end, TimelineKind::checkpoint_saved, kNoInstance, 0, Purchase::spot, progress_.done(end), {}});
  });
}

void Replication::end(TimelineKind how) {
  last_seen_ = observe();
  note_checkpoints();
  settle();
  const Progress::Writes checkpoints = progress_.checkpoints(now_);
  progress_.pause(now_);
  phase_ = Phase::waiting;
  note(how);
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    if (fleet_.slot(s).state != SlotState::empty) detach(s, UsageEnd::stopped_by_user);
  }
  bill_leavers();
  ledger_.close_job(start_, now_, checkpoints);
  if (record_) {
    std::stable_sort(record_->timeline.begin(), record_->timeline.end(),
                     [](const TimelineEvent& a, const TimelineEvent& b) { return a.at < b.at; });
  }
  outcome_.time_to_train = how == TimelineKind::finished ? now_ - start_ : Duration{-1};
  outcome_.cost = ledger_.cost();
  outcome_.fingerprint = ledger_.fingerprint();
  outcome_.interruptions = interruptions_;
  outcome_.goodput = static_cast<float>(ledger_.goodput());
  over_ = true;
}

}  // namespace spotmix::sim
