#include "sim/replay/replication.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "sim/replay/job_draws.h"

namespace spotmix::sim {
namespace {

constexpr std::array<std::string_view, 11> kEventNames{"finished", "out of time", "history",  "market",
                                                       "reclaim",  "life end",    "launched", "booted",
                                                       "regroup",  "gang",        "decision"};

/// Order among events of one time: completion, the end, the provider, instances, the gang, decisions.
constexpr std::array<unsigned, 11> kPhases{0, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7};

// A policy that watches a deadline does not know how much a run will need, nor how long a step takes until it
// has seen some: it plans for this many standard deviations above the mean.
constexpr double kPlannedDeviations = 2;

Limits limits_of(const Experiment& experiment) {
  Limits limits;
  limits.max_events = experiment.max_events;
  return limits;
}

/// From request until training resumes; the checkpoint with as many increments as there may be.
Duration restart_of(const Mix& mix, Duration read, Duration read_increment) {
  return mix.launch.pending + mix.launch.boot + mix.recovery.restart + read +
         (mix.recovery.checkpoint.full_every - 1) * read_increment;
}

JobFacts facts_of(const Experiment& experiment, const Mix& mix) {
  const CheckpointSpec& checkpoint = mix.recovery.checkpoint;
  JobFacts facts;
  facts.deadline = experiment.deadline.value_or(Duration{0});
  facts.decision_interval = mix.policy.decision_interval;
  facts.restart = restart_of(mix, checkpoint.read, checkpoint.read_increment);
  if (checkpoint.kind == CheckpointSpec::Kind::interval) {
    facts.checkpoint_interval = checkpoint.interval;
    facts.checkpoint_write = checkpoint.write;
  }
  facts.jump = facts.restart;
  facts.keeps_work = checkpoint.kind != CheckpointSpec::Kind::none;
  facts.loses_nothing = checkpoint.kind == CheckpointSpec::Kind::continuous && !checkpoint.on_notice;
  if (experiment.complete_on_decision) facts.unnoticed = facts.decision_interval;
  return facts;
}

/// What a policy reckons with at the mix's own step time.
Duration planned_work(const Mix& mix) {
  if (mix.work_spread == 0) return mix.work;
  return from_seconds(to_seconds(mix.work) * (1 + kPlannedDeviations * mix.work_spread));
}

/// Where the pools that the mix may use as spot are drawn from their traces' blocks, or may outlive them.
std::optional<BootstrappedMarket> market_of_its_own(const Market& market, const Mix& mix) {
  const bool from_blocks = market.bootstrap.block.count() > 0;
  if (!from_blocks && market.after_traces.block.count() == 0) return std::nullopt;
  const std::vector<std::uint32_t> pools = spot_pools(mix);
  const bool any = std::any_of(pools.begin(), pools.end(), [&](std::uint32_t pool) {
    const TraceWindow window = window_of(market.pools[pool]);
    return from_blocks ? window.begin != Time::min() : window.end != kNever;
  });
  return any ? std::optional<BootstrappedMarket>(std::in_place, market, pools) : std::nullopt;
}

}  // namespace

Replication::Replication(const Experiment& experiment, std::size_t mix, std::unique_ptr<Policy> policy)
    : experiment_(&experiment),
      mix_(&experiment.mixes[mix]),
      own_market_(market_of_its_own(experiment.market, *mix_)),
      market_(own_market_ ? &own_market_->market() : &experiment.market),
      policy_(policy ? std::move(policy) : make_policy(mix_->policy)),
      facts_(facts_of(experiment, *mix_)),
      fleet_(*market_, *mix_),
      progress_(mix_->work, mix_->recovery.checkpoint),
      gang_(make_gang(mix_->gang, fleet_.wanted_units())),
      ledger_(*market_, experiment.billing, *mix_, fleet_.size()),
      guard_(limits_of(experiment), kEventNames),
      watches_(fleet_.pool_count()),
      launched_in_(fleet_.pool_count()),
      plans_on_demand_(fleet_.has_compositions() || mix_->policy.guarantee_deadline),
      step_error_(&mix_->step_error) {}

Time Replication::start_of(const Experiment& experiment, std::uint64_t replication) {
  const StartRule& rule = experiment.start;
  if (!rule.sampled) return rule.fixed;
  RandomStream random(experiment.seed, replication, 0, Purpose::start_time);
  const auto choices = static_cast<std::uint64_t>((rule.latest - rule.earliest) / rule.grid) + 1;
  return rule.earliest + static_cast<std::int64_t>(random.below(choices)) * rule.grid;
}

void Replication::prepare(std::uint64_t replication) {
  replication_ = replication;
  start_ = now_ = start_of(*experiment_, replication);
  if (own_market_) {
    own_market_->restart(experiment_->seed, replication, start_);
    fleet_.rewind_market();
    ledger_.rewind_market();
  }
  queue_.clear();
  guard_.reset();
  fleet_.reset(start_);
  gang_->reset();
  joined_.clear();
  plan_on_demand();
  draw_step_time();
  progress_.reset(scaled(drawn_work(*experiment_, *mix_, replication), step_factor_));
  ledger_.reset(start_, step_factor_);
  ledger_.record_into(record_);
  if (record_) *record_ = ReplicationRecord{start_, {}, {}};
  std::fill(watches_.begin(), watches_.end(), Watch{});
  std::fill(launched_in_.begin(), launched_in_.end(), 0);
  left_.clear();
  leavers_.clear();
  phase_ = Phase::waiting;
  crossings_ = {};
  regions_ = 1;
  checkpoint_region_ = 0;
  saved_ = Duration{0};
  gang_event_ = regroup_event_ = decision_event_ = EventHandle{};
  current_ = Choice::wait;
  stopping_ = stop_interrupted_ = over_ = false;
  last_attempt_ = start_;
  interruptions_ = 0;
  speed_ = Speed{};
  composition_ = nullptr;
  to_the_end_ = false;
  checkpoint_times_ = times_of(nullptr);
}

/// Buys everything on demand at the start, in thought; says whether that is possible.
bool Replication::fill_on_demand() {
  for (std::uint32_t g = 0; g < mix_->groups.size(); ++g) {
    const Purchase purchase = wanted_purchase(g, Choice::on_demand);
    while (!fleet_.group_met(g)) {
      const std::optional<std::uint32_t> s = fleet_.empty_slot(g);
      const std::optional<std::uint32_t> pool = s ? fleet_.place(g, purchase, start_) : std::nullopt;
      if (!pool) return false;
      fleet_.fill(*s, purchase, *pool);
      fleet_.mark_running(*s, start_);
      fleet_.mark_ready(*s);
      joined_.push_back(*s);
    }
  }
  return true;
}

/// Policies reckon with the gang that on demand buys: its speed, its checkpoints, and the time until it
/// trains.
void Replication::plan_on_demand() {
  if (!plans_on_demand_) return;
  facts_ = facts_of(*experiment_, *mix_);
  on_demand_speed_ = Speed{};
  step_error_ = &mix_->step_error;
  if (fill_on_demand()) {
    const Composition* all = fleet_.composition(std::numeric_limits<int>::max());
    const CheckpointTimes times = times_of(all);
    GangChange change;
    change.now = start_;
    change.joined = joined_;
    change.restart = mix_->recovery.restart + longest_read(times, all);
    GangPlan plan = gang_->plan(fleet_, change);
    const Crossings crossings =
        crossings_of(mix_->surroundings, fleet_.zones_in_use(), fleet_.regions_in_use(), plan.composition);
    if (plan.trains) reckon_with(plan, speed_across(plan.speed, crossings), times);
  }
  fleet_.reset(start_);
  gang_->reset();
  joined_.clear();
}

void Replication::reckon_with(const GangPlan& plan, Speed speed, const CheckpointTimes& times) {
  const CheckpointSpec& checkpoint = mix_->recovery.checkpoint;
  on_demand_speed_ = speed;
  if (plan.composition != nullptr) step_error_ = &plan.composition->step_error;
  facts_.restart = restart_of(*mix_, times.read, times.read_increment);
  facts_.jump = mix_->launch.pending + mix_->launch.boot + std::max(plan.pause, mix_->gang.reconfigure);
  if (facts_.checkpoint_interval.count() > 0) facts_.checkpoint_write = times.write;
  const bool saves = checkpoint.kind == CheckpointSpec::Kind::interval || checkpoint.on_notice;
  if (saves) facts_.save = times.write + times.upload;
}

/// Of a full checkpoint with all increments that there may be, from another region where there are several.
Duration Replication::longest_read(const CheckpointTimes& times, const Composition* composition) const {
  const int increments = mix_->recovery.checkpoint.full_every - 1;
  Duration time = times.read + increments * times.read_increment;
  if (mix_->surroundings.regions < 2) return time;
  const auto add_distance = [&](const auto& longer) {
    time += longer.cross_region_read + increments * longer.cross_region_read_increment;
  };
  composition != nullptr ? add_distance(*composition) : add_distance(mix_->surroundings);
  return time;
}

/// How long a gang that is on demand trains for this work, rounded up.
Duration Replication::on_demand_time(Duration work) const {
  __extension__ using Wide = __int128;
  constexpr std::int64_t kBillion = 1'000'000'000;
  const std::int64_t speed = on_demand_speed_.per_billion;
  if (speed == kBillion) return work;
  return Duration{
      static_cast<std::int64_t>((static_cast<Wide>(work.count()) * kBillion + speed - 1) / speed)};
}

/// How much longer steps take in this replication.
double Replication::factor_of(const StepErrorSpec& error) const {
  return error.sigma == 0 ? 1 : step_factor(error, step_error_draw(*experiment_, error, replication_));
}

/// Policies are told of the error that was drawn once they have seen some steps.
void Replication::draw_step_time() {
  step_is_known_ = step_error_->sigma == 0;
  step_factor_ = factor_of(*step_error_);
  planned_factor_ = step_factor(*step_error_, kPlannedDeviations);
  facts_.work = on_demand_time(scaled(planned_work(*mix_), planned_factor_));
}

/// Once the first checkpoint interval is trained; without checkpoints at intervals, once anything is.
void Replication::learn_step_time() {
  if (step_is_known_) return;
  const Duration done = progress_.done(now_);
  if (done == Duration{0} || done < facts_.checkpoint_interval) return;
  step_is_known_ = true;
  facts_.work = on_demand_time(scaled(planned_work(*mix_), step_factor_));
  policy_->rescale(step_factor_ / planned_factor_);
}

/// Work as a policy reckons with it.
Duration Replication::reckoned(Duration work) const {
  return step_is_known_ ? work : scaled(work, planned_factor_ / step_factor_);
}

ReplicationOutcome Replication::run(std::uint64_t replication) {
  prepare(replication);
  schedule(end_of_time(), EventKind::out_of_time);
  if (own_market_) begin_history();
  if (market_->zone_reclaims.mean_between.count() > 0) {
    reclaims_.clear();
    for (std::uint32_t zone = 0; zone < fleet_.zone_count(); ++zone) {
      reclaims_.emplace_back(experiment_->seed, replication_, fleet_.zone_entity(zone),
                             Purpose::zone_reclaim);
      schedule_reclaim(zone);
    }
  }
  policy_->begin(facts_, *this);
  schedule_decision(start_);
  while (!over_) {
    const auto event = queue_.pop();
    now_ = time_at(event.ticks);
    guard_.on_event(event.ticks, static_cast<unsigned>(event.payload.kind));
    handle(event.payload);
  }
  return outcome_;
}

/// When the horizon is reached, or the first trace ends.
Time Replication::end_of_time() {
  Time end = start_ + experiment_->horizon;
  for (std::uint32_t p = 0; p < fleet_.pool_count(); ++p) {
    const PoolView& view = fleet_.view(p);
    end = std::min(end, own_market_ ? view.on_demand_known_until() : view.known_until());
  }
  return end;
}

EventHandle Replication::schedule(Time at, EventKind kind, std::uint32_t index) {
  return queue_.schedule(ticks_of(at), Event{kind, index}, kPhases[static_cast<std::size_t>(kind)]);
}

void Replication::handle(Event event) {
  switch (event.kind) {
    case EventKind::finished:
      return end(TimelineKind::finished);
    case EventKind::out_of_time:
      return end(TimelineKind::out_of_time);
    case EventKind::history:
      return extend_history();
    case EventKind::market:
      return on_market(event.index);
    case EventKind::reclaim:
      return on_reclaim(event.index);
    case EventKind::life_end:
      return on_life_end(event.index);
    case EventKind::launched:
      return on_launched(event.index);
    case EventKind::booted:
      return on_booted(event.index);
    case EventKind::regroup:
      return regroup();
    case EventKind::gang:
      return on_gang_event();
    case EventKind::decision:
      return decide();
  }
}

Observation Replication::observe() {
  Observation seen;
  seen.elapsed = now_ - start_;
  seen.done = on_demand_time(reckoned(progress_.done(now_)));
  seen.saved = on_demand_time(reckoned(progress_.saved(now_)));
  seen.running = fleet_.running();
  seen.spot_available = fleet_.spot_available(now_);
  if (phase_ == Phase::restoring) {
    seen.restart_left = restored_at_ - now_;
  } else if (phase_ == Phase::assembling) {
    seen.restart_left = facts_.restart;
  }
  seen.missing_for = fleet_.missing_for(now_);
  seen.keeps_pace = speed_.per_billion >= on_demand_speed_.per_billion;
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
    const std::int64_t decisions = (now_ - start_) / facts_.decision_interval;
    schedule_decision(start_ + (decisions + 1) * facts_.decision_interval);
  }
  if (stopping_) {
    // What is missing can be launched while the checkpoint is written; what is unwanted stays until then.
    if (pending_choice_ != Choice::configured) return;
    fill_missing(pending_choice_);
    return watch_pools();
  }
  learn_step_time();
  const Decision decision = policy_->decide(observe());
  if (decision.to_the_end && !to_the_end_) {
    to_the_end_ = true;
    if (phase_ == Phase::training) stop_writing();
  }
  apply(decision.choice);
  if (!decides_at_intervals() && decision.ask_again_after != kForever) {
    schedule_decision(now_ + decision.ask_again_after);
  }
}

void Replication::apply(Choice choice) {
  const bool as_before = choice == current_ && !stop_interrupted_;
  current_ = choice;
  stop_interrupted_ = false;
  if (as_before && (choice == Choice::wait ? fleet_.empty() : fleet_.complete())) {
    if (choice == Choice::wait && !decides_at_intervals()) watch_pools();
    return;
  }
  enact(choice, false);
}

/// Stops what the choice does not want, then launches what it misses. When training must be saved before, the
/// choice is kept and enacted again with `saved`.
void Replication::enact(Choice choice, bool saved) {
  if (!stop_unwanted(choice, saved)) {
    stopping_ = true;
    pending_choice_ = choice;
    return;
  }
  fill_missing(choice);
  watch_pools();
}

Duration Replication::spot_time_before_deadline() {
  Duration sum{0};
  for (Duration t{0}; t < facts_.deadline; t += facts_.decision_interval) {
    if (fleet_.spot_available(start_ + t)) sum += facts_.decision_interval;
  }
  return sum;
}

}  // namespace spotmix::sim
