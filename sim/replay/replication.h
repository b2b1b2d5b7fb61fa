// One replication of one mix: the market moves, the policy decides, the gang trains, and the bill is written.
//
// Order of events at one time: completion, end of the traces, market, lives of instances, the gang,
// decisions. A job that completes at the moment at which it would lose an instance is complete.
//
// The code is in four files: replication.cpp (the run and the decisions), replication_fleet.cpp (lives of
// instances), replication_market.cpp (what the provider does) and replication_gang.cpp (training,
// checkpoints, the end).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/events/event_queue.h"
#include "base/events/limits.h"
#include "base/random/random.h"
#include "sim/fleet/fleet.h"
#include "sim/fleet/policy.h"
#include "sim/market/bootstrap.h"
#include "sim/replay/experiment.h"
#include "sim/replay/ledger.h"
#include "sim/replay/outcome.h"
#include "sim/training/gang.h"
#include "sim/training/progress.h"

namespace spotmix::sim {

class Replication final : private Outlook {
 public:
  /// `experiment` must outlive this. `policy` replaces the one that the mix names, when given.
  Replication(const Experiment& experiment, std::size_t mix, std::unique_ptr<Policy> policy = nullptr);

  /// Runs replication number `replication`; may be called again and again, in any order. Throws
  /// SimulationError.
  ReplicationOutcome run(std::uint64_t replication);

  /// Of the last run.
  const Ledger& ledger() const { return ledger_; }
  /// Work done in the last run, as training time of the whole gang at the step time that was drawn.
  Duration work_done() const { return progress_.done(now_); }
  /// If the last run went on after the end of a trace that it follows (Market::after_traces).
  bool outlived_traces() const { return own_market_ && now_ > own_market_->traces_end(); }
  /// What the policy would see at the end of the last run.
  Observation last_observation() const { return last_seen_; }
  Policy& policy() { return *policy_; }

  /// Keeps the story and the bill of the next runs in `record` (nullptr: no longer).
  void record_into(ReplicationRecord* record) { record_ = record; }

  /// The time at which replication number `replication` starts.
  static Time start_of(const Experiment& experiment, std::uint64_t replication);

 private:
  /// What the job does. `waiting`: instances are missing; `assembling`: they are on their way; `restoring`:
  /// the gang is set up; `saving`: it writes a checkpoint out of turn.
  enum class Phase : std::uint8_t { waiting, assembling, restoring, training, saving };
  enum class EventKind : std::uint32_t {
    finished,
    out_of_time,
    history,   ///< more of the market's own history is needed
    market,    ///< index: pool
    reclaim,   ///< index: zone
    life_end,  ///< index: slot
    launched,  ///< index: slot
    booted,    ///< index: slot
    regroup,
    gang,
    decision,
  };
  struct Event {
    EventKind kind;
    std::uint32_t index;
  };
  enum class WatchStage : std::uint8_t { recommendation, notice, change };
  /// The next thing that the market will do to a pool that we watch.
  struct Watch {
    EventHandle event{};
    Time change{};  ///< when the capacity changes or the price crosses a limit
    WatchStage stage = WatchStage::change;
  };
  /// An instance that has left the fleet and is not yet billed.
  struct Leaver {
    Slot slot;
    std::uint32_t index = 0;
    UsageEnd end = UsageEnd::stopped_by_user;
  };

  void prepare(std::uint64_t replication);
  double factor_of(const StepErrorSpec& error) const;
  Speed with_step_error(const GangPlan& plan) const;
  void draw_step_time();
  void learn_step_time();
  Duration reckoned(Duration work) const;
  Time end_of_time();
  void begin_history();
  void extend_history();
  void handle(Event event);
  EventHandle schedule(Time at, EventKind kind, std::uint32_t index = 0);

  // Decisions.
  bool fill_on_demand();
  void plan_on_demand();
  void reckon_with(const GangPlan& plan, Speed speed, const CheckpointTimes& times);
  Duration longest_read(const CheckpointTimes& times, const Composition* composition) const;
  Duration on_demand_time(Duration work) const;
  Observation observe();
  void decide();
  void apply(Choice choice);
  void enact(Choice choice, bool saved);
  void schedule_decision(Time at);
  bool decides_at_intervals() const { return facts_.decision_interval.count() > 0; }
  Duration spot_time_before_deadline() override;

  // Lives of instances.
  Purchase wanted_purchase(std::uint32_t group, Choice choice) const;
  bool unwanted(const Slot& slot, Choice choice) const;
  bool stop_unwanted(Choice choice, bool saved);
  bool leave_full_zone();
  void fill_missing(Choice choice);
  void launch(std::uint32_t s, Purchase purchase, std::uint32_t pool);
  void on_launched(std::uint32_t s);
  void on_booted(std::uint32_t s);
  void detach(std::uint32_t s, UsageEnd end);
  void bill_leavers();

  // What the provider does.
  void watch_pools();
  void watch(std::uint32_t pool);
  void unwatch(std::uint32_t pool);
  void on_market(std::uint32_t pool);
  Time next_change(std::uint32_t pool);
  Time announcement(Time change, WatchStage stage) const;
  WatchStage first_stage() const;
  void choose_victims(std::uint32_t pool, Time at);
  void shuffle_survivors(std::uint32_t pool, Time at);
  void announce(std::uint32_t s, WatchStage stage, Time end);
  void announced(WatchStage stage, Time end);
  void take_back();
  void wake_for_retry();
  void draw_lifetime(std::uint32_t s);
  void schedule_end(std::uint32_t s);
  void on_life_end(std::uint32_t s);
  void schedule_reclaim(std::uint32_t zone);
  void on_reclaim(std::uint32_t zone);

  // The gang.
  void settle();
  void set_phase(Phase phase);
  void regroup();
  void stop_training(bool undo);
  CheckpointTimes times_of(const Composition* composition) const;
  Duration time_to_read(RegionSet regions, const Composition* composition) const;
  void set_traffic(const GangPlan& plan, Crossings& crossings) const;
  void note_where_saved();
  void pay_restore(RegionSet regions);
  void restore(Duration pause);
  void on_gang_event();
  void begin_training();
  void stop_writing();
  void schedule_finish();
  void begin_saving();
  void note(TimelineKind kind);
  void tell(TimelineKind kind);
  void note_checkpoints();
  void end(TimelineKind how);
  bool active() const { return phase_ != Phase::waiting && phase_ != Phase::assembling; }

  const Experiment* experiment_;
  const Mix* mix_;
  std::optional<BootstrappedMarket> own_market_;  ///< where every replication has a history of its own
  const Market* market_;
  std::unique_ptr<Policy> policy_;
  JobFacts facts_;
  Speed on_demand_speed_;  ///< of a gang that is on demand: policies reckon in its time
  Fleet fleet_;
  Progress progress_;
  std::unique_ptr<Gang> gang_;
  Ledger ledger_;
  EventQueue<Event> queue_;
  EngineGuard guard_;
  std::vector<Watch> watches_;
  std::vector<RandomStream> reclaims_;      ///< for each zone, where reclaims are drawn
  std::vector<std::uint32_t> launched_in_;  ///< launches so far, for each pool
  std::vector<std::uint32_t> victims_;      ///< scratch of choose_victims, and its result
  std::vector<std::uint32_t> survivors_;    ///< scratch
  std::vector<std::uint32_t> joined_;       ///< slots that became ready since the last regrouping
  std::vector<std::uint32_t> left_;         ///< slots of the gang that were lost since then
  std::vector<Leaver> leavers_;
  bool plans_on_demand_;  ///< what policies reckon with depends on what on demand buys

  std::uint64_t replication_ = 0;
  const StepErrorSpec* step_error_;  ///< Of the mix, or of the composition that on demand buys.
  double step_factor_ = 1;           ///< Drawn: how much longer its steps take.
  double planned_factor_ = 1;        ///< What a policy reckons with before it knows.
  bool step_is_known_ = true;
  Time start_{};
  Time now_{};
  Phase phase_ = Phase::waiting;
  Speed speed_;
  const Composition* composition_ = nullptr;  ///< that trains, where the mix has compositions
  CheckpointTimes checkpoint_times_;          ///< of the gang that trains
  Crossings crossings_;                       ///< of the gang
  RegionSet regions_ = 1;                     ///< that it is in
  std::uint32_t checkpoint_region_ = 0;       ///< where it was when it last completed a checkpoint
  Duration saved_{0};                         ///< work in that checkpoint
  Time restored_at_{};                        ///< when the gang that is being restored will train
  EventHandle gang_event_{};
  EventHandle regroup_event_{};
  EventHandle decision_event_{};
  Time decision_at_{};
  Choice current_ = Choice::wait;  ///< last applied
  bool to_the_end_ = false;        ///< the policy wants nothing but on demand any more
  bool stopping_ = false;          ///< a checkpoint is being written before `pending_choice_` is enacted
  Choice pending_choice_ = Choice::wait;
  bool stop_interrupted_ = false;  ///< the fleet changed before `pending_choice_` could be enacted
  Time last_attempt_{};            ///< when the fleet last tried to launch what is missing
  std::uint32_t interruptions_ = 0;
  bool over_ = false;
  ReplicationOutcome outcome_;
  Observation last_seen_;
  ReplicationRecord* record_ = nullptr;
};

}  // namespace spotmix::sim
