#include "sim/replay/replication.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace spotmix::sim {
namespace {

constexpr std::array<std::string_view, 7> kEventNames{"finished", "out of time", "market",  "launched",
                                                      "booted",   "gang",        "decision"};

Limits limits_of(const Experiment& experiment) {
  Limits limits;
  limits.max_events = experiment.max_events;
  return limits;
}

JobFacts facts_of(const Experiment& experiment, const Mix& mix) {
  const RecoverySpec& recovery = mix.recovery;
  return {mix.work, experiment.deadline.value_or(Duration{0}), mix.policy.decision_interval,
          mix.launch.pending + mix.launch.boot + recovery.restart + recovery.checkpoint.read};
}

/// Whether `choice` wants an instance that was bought like this gone.
bool unwanted(const Slot& slot, Choice choice) {
  if (slot.state == SlotState::empty) return false;
  switch (choice) {
    case Choice::wait:
      return true;
    case Choice::spot:
      return slot.purchase == Purchase::on_demand;
    case Choice::on_demand:
      return slot.purchase == Purchase::spot;
    case Choice::configured:
    case Choice::fill_on_demand:
      return false;
  }
  return false;
}

}  // namespace

Replication::Replication(const Experiment& experiment, std::size_t mix, std::unique_ptr<Policy> policy)
    : experiment_(&experiment),
      mix_(&experiment.mixes[mix]),
      policy_(policy ? std::move(policy) : make_policy(mix_->policy)),
      facts_(facts_of(experiment, *mix_)),
      fleet_(experiment.market, *mix_),
      progress_(mix_->work, mix_->recovery.checkpoint),
      ledger_(experiment.market, experiment.billing, fleet_.size()),
      guard_(limits_of(experiment), kEventNames),
      watches_(fleet_.pool_count()) {}

Time Replication::start_of(const Experiment& experiment, std::uint64_t replication) {
  const StartRule& rule = experiment.start;
  if (!rule.sampled) return rule.fixed;
  RandomStream random(experiment.seed, replication, 0, Purpose::start_time);
  const auto choices = static_cast<std::uint64_t>((rule.latest - rule.earliest) / rule.grid) + 1;
  return rule.earliest + static_cast<std::int64_t>(random.below(choices)) * rule.grid;
}

ReplicationOutcome Replication::run(std::uint64_t replication) {
  replication_ = replication;
  start_ = now_ = start_of(*experiment_, replication);
  queue_.clear();
  guard_.reset();
  fleet_.reset(start_);
  progress_.reset();
  ledger_.reset(start_);
  ledger_.record_into(record_);
  if (record_) *record_ = ReplicationRecord{start_, {}, {}};
  std::fill(watches_.begin(), watches_.end(), Watch{});
  phase_ = Phase::waiting;
  gang_event_ = decision_event_ = EventHandle{};
  current_ = Choice::wait;
  stopping_ = over_ = false;
  last_attempt_ = start_;
  interruptions_ = 0;

  Time end_of_time = start_ + experiment_->horizon;
  for (std::uint32_t p = 0; p < fleet_.pool_count(); ++p) {
    end_of_time = std::min(end_of_time, fleet_.view(p).known_until());
  }
  schedule(end_of_time, EventKind::out_of_time);
  policy_->begin(facts_, *this);
  schedule_decision(start_);
  while (!over_) {
    const auto event = queue_.pop();
    now_ = Time{event.ticks};
    guard_.on_event(event.ticks, static_cast<unsigned>(event.payload.kind));
    handle(event.payload);
  }
  return outcome_;
}

EventHandle Replication::schedule(Time at, EventKind kind, std::uint32_t index) {
  return queue_.schedule(at.count(), Event{kind, index}, static_cast<unsigned>(kind));
}

void Replication::handle(Event event) {
  switch (event.kind) {
    case EventKind::finished:
      return end(TimelineKind::finished);
    case EventKind::out_of_time:
      return end(TimelineKind::out_of_time);
    case EventKind::market:
      return on_market(event.index);
    case EventKind::launched:
      return on_launched(event.index);
    case EventKind::booted:
      return on_booted(event.index);
    case EventKind::gang:
      return on_gang_event();
    case EventKind::decision:
      return decide();
  }
}

// --- Decisions
// ----------------------------------------------------------------------------------------------------

Observation Replication::observe() {
  Observation seen;
  seen.elapsed = now_ - start_;
  seen.done = progress_.done(now_);
  seen.running = fleet_.running();
  seen.spot_available = fleet_.spot_available(now_);
  if (phase_ == Phase::restoring) {
    seen.restart_left = restored_at_ - now_;
  } else if (phase_ == Phase::assembling) {
    seen.restart_left = facts_.restart;
  }
  seen.missing_for = fleet_.missing_for(now_);
  return seen;
}

void Replication::schedule_decision(Time at) {
  if (queue_.pending(decision_event_)) {
    if (decision_at_ <= at) return;
    queue_.cancel(decision_event_);
  }
  decision_at_ = at;
  decision_event_ = schedule(at, EventKind::decision);
}

void Replication::decide() {
  if (decides_at_intervals()) {
    if (experiment_->complete_on_decision && progress_.complete(now_)) return end(TimelineKind::finished);
    schedule_decision(now_ + facts_.decision_interval);
  }
  if (stopping_) return;
  const Decision decision = policy_->decide(observe());
  apply(decision.choice);
  if (!decides_at_intervals() && decision.ask_again_after != kNever) {
    schedule_decision(now_ + decision.ask_again_after);
  }
}

void Replication::apply(Choice choice) {
  const bool as_before = choice == current_;
  current_ = choice;
  if (as_before && (choice == Choice::wait ? fleet_.filled() == 0 : fleet_.complete())) {
    if (choice == Choice::wait && !decides_at_intervals()) watch_pools();
    return;
  }
  enact(choice);
}

void Replication::enact(Choice choice) {
  stop_unwanted(choice);
  if (stopping_) return;
  fill_missing(choice);
  watch_pools();
  assemble();
}

Duration Replication::spot_time_before_deadline() {
  Duration sum{0};
  for (Duration t{0}; t < facts_.deadline; t += facts_.decision_interval) {
    if (fleet_.spot_available(start_ + t)) sum += facts_.decision_interval;
  }
  return sum;
}

// --- Instances
// ----------------------------------------------------------------------------------------------------

void Replication::stop_unwanted(Choice choice) {
  const auto slots = fleet_.slots();
  if (std::none_of(slots.begin(), slots.end(), [&](const Slot& slot) { return unwanted(slot, choice); }))
    return;
  const bool writes_checkpoints = mix_->recovery.checkpoint.kind == CheckpointSpec::Kind::interval;
  if (phase_ == Phase::saving || (phase_ == Phase::training && writes_checkpoints)) {
    if (phase_ == Phase::training) begin_saving();
    stopping_ = true;
    pending_choice_ = choice;
    return;
  }
  break_gang();
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    if (unwanted(fleet_.slot(s), choice)) remove(s, UsageEnd::stopped_by_user);
  }
}

void Replication::fill_missing(Choice choice) {
  if (choice == Choice::wait || fleet_.complete()) return;
  last_attempt_ = now_;
  std::uint32_t failed_group = fleet_.size();
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    const Slot& slot = fleet_.slot(s);
    if (slot.state != SlotState::empty || slot.group == failed_group) continue;
    Purchase purchase = mix_->groups[slot.group].purchase;
    if (choice == Choice::spot) purchase = Purchase::spot;
    if (choice == Choice::on_demand || choice == Choice::fill_on_demand) purchase = Purchase::on_demand;
    const std::optional<std::uint32_t> pool = fleet_.place(slot.group, purchase, now_);
    if (!pool) {
      failed_group = slot.group;
      ledger_.note(now_, TimelineKind::launch_failed, kNoInstance, 0, purchase, progress_.done(now_));
      continue;
    }
    launch(s, purchase, *pool);
  }
}

void Replication::launch(std::uint32_t s, Purchase purchase, std::uint32_t pool) {
  fleet_.fill(s, purchase, pool);
  Slot& slot = fleet_.slot(s);
  ledger_.note(now_, TimelineKind::launch_requested, slot.instance, fleet_.market_pool(pool), purchase);
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
               slot.purchase);
  if (mix_->launch.boot.count() == 0) return on_booted(s);
  slot.next_event = schedule(now_ + mix_->launch.boot, EventKind::booted, s);
}

void Replication::on_booted(std::uint32_t s) {
  fleet_.mark_ready(s);
  const Slot& slot = fleet_.slot(s);
  ledger_.note(now_, TimelineKind::instance_ready, slot.instance, fleet_.market_pool(slot.pool),
               slot.purchase);
  assemble();
}

void Replication::remove(std::uint32_t s, UsageEnd end) {
  const Slot& slot = fleet_.slot(s);
  queue_.cancel(slot.next_event);
  const std::uint32_t market_pool = fleet_.market_pool(slot.pool);
  Money cost;
  if (slot.state != SlotState::pending) {
    cost = ledger_.close(s, slot, market_pool, {slot.running_since, now_, end});
  }
  TimelineKind kind = TimelineKind::stopped;
  if (end == UsageEnd::interrupted_by_provider) {
    const bool was_running = slot.state != SlotState::pending;
    kind = was_running ? TimelineKind::interrupted : TimelineKind::launch_failed;
    interruptions_ += was_running ? 1 : 0;
  }
  ledger_.note(now_, kind, slot.instance, market_pool, slot.purchase, progress_.done(now_), cost);
  fleet_.clear(s, now_);
}

// --- The gang
// -----------------------------------------------------------------------------------------------------

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
      return;  // booked when it ends, when it is known what came of it
  }
}

void Replication::set_phase(Phase phase) {
  settle();
  phase_ = phase;
}

void Replication::break_gang() {
  queue_.cancel(gang_event_);
  note_checkpoints();
  Duration lost{0};
  const Progress::Spent spent = progress_.lose(now_, lost);
  if (phase_ == Phase::training) ledger_.book_training(now_, spent.work, spent.writing);
  set_phase(Phase::waiting);
  stopping_ = false;
  if (lost.count() == 0) return;
  ledger_.book_loss(lost);
  ledger_.note(now_, TimelineKind::work_lost, kNoInstance, 0, Purchase::spot, progress_.done(now_));
}

void Replication::assemble() {
  if (phase_ == Phase::restoring || phase_ == Phase::training || phase_ == Phase::saving) return;
  if (!fleet_.complete()) return set_phase(Phase::waiting);
  if (!fleet_.all_ready()) return set_phase(Phase::assembling);
  const bool has_checkpoint = progress_.saved(now_).count() > 0;
  const Duration set_up =
      mix_->recovery.restart + (has_checkpoint ? mix_->recovery.checkpoint.read : Duration{0});
  ledger_.note(now_, TimelineKind::restart_begun, kNoInstance, 0, Purchase::spot, progress_.done(now_));
  set_phase(Phase::restoring);
  restored_at_ = now_ + set_up;
  if (set_up.count() == 0) return begin_training();
  gang_event_ = schedule(restored_at_, EventKind::gang);
}

void Replication::on_gang_event() {
  if (phase_ == Phase::restoring) return begin_training();
  progress_.save();
  ledger_.note(now_, TimelineKind::checkpoint_saved, kNoInstance, 0, Purchase::spot, progress_.done(now_));
  if (!stopping_) return begin_training();
  break_gang();
  enact(pending_choice_);
}

void Replication::begin_training() {
  set_phase(Phase::training);
  progress_.begin(now_);
  ledger_.note(now_, TimelineKind::training_begun, kNoInstance, 0, Purchase::spot, progress_.done(now_));
  if (experiment_->complete_on_decision && decides_at_intervals()) return;
  gang_event_ = schedule(progress_.finish_time(), EventKind::finished);
}

void Replication::begin_saving() {
  queue_.cancel(gang_event_);
  note_checkpoints();
  const Progress::Spent spent = progress_.pause(now_);
  ledger_.book_training(now_, spent.work, spent.writing);
  phase_ = Phase::saving;
  ledger_.note(now_, TimelineKind::checkpoint_begun, kNoInstance, 0, Purchase::spot, progress_.done(now_));
  gang_event_ = schedule(now_ + mix_->recovery.checkpoint.write, EventKind::gang);
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
  const Duration done = progress_.done(now_);
  if (phase_ == Phase::training) {
    const Progress::Spent spent = progress_.pause(now_);
    ledger_.book_training(now_, spent.work, spent.writing);
    phase_ = Phase::waiting;
  } else {
    settle();
  }
  ledger_.note(now_, how, kNoInstance, 0, Purchase::spot, done);
  for (std::uint32_t s = 0; s < fleet_.size(); ++s) {
    if (fleet_.slot(s).state != SlotState::empty) remove(s, UsageEnd::stopped_by_user);
  }
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
