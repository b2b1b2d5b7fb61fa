// One replication of one mix: the market moves, the policy decides, the gang trains, and the bill is written.
//
// Order of events at one time: completion, end of the traces, market, lives of instances, the gang,
// decisions. A job that completes at the moment at which it would lose an instance is complete.
//
// The gang is rigid: it trains while every slot is ready. When an instance is lost the others stay, are
// billed, and wait for its replacement; work since the last complete checkpoint is undone. Before a policy
// stops instances of a training gang by its own choice, the job writes a checkpoint, if it writes any at all.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/engine/event_queue.h"
#include "sim/engine/limits.h"
#include "sim/engine/random.h"
#include "sim/fleet/fleet.h"
#include "sim/fleet/policy.h"
#include "sim/replay/experiment.h"
#include "sim/replay/ledger.h"
#include "sim/replay/outcome.h"
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
  /// Events processed in the last run.
  std::uint64_t events() const { return guard_.events(); }
  /// What the policy would see at the end of the last run.
  Observation last_observation() const { return last_seen_; }
  Policy& policy() { return *policy_; }

  /// Keeps the story and the bill of the next runs in `record` (nullptr: no longer).
  void record_into(ReplicationRecord* record) { record_ = record; }

  /// The time at which replication number `replication` starts.
  static Time start_of(const Experiment& experiment, std::uint64_t replication);

 private:
  enum class Phase : std::uint8_t { waiting, assembling, restoring, training, saving };
  enum class EventKind : std::uint32_t { finished, out_of_time, market, launched, booted, gang, decision };
  struct Event {
    EventKind kind;
    std::uint32_t index;
  };
  /// The next thing that the market will do to a pool that we watch.
  struct Watch {
    EventHandle event{};
    Time change{0};       ///< when the capacity changes or the price crosses a limit
    bool notice = false;  ///< the event is the notice of that change, not the change
  };

  void handle(Event event);
  EventHandle schedule(Time at, EventKind kind, std::uint32_t index = 0);

  // Decisions.
  Observation observe();
  void decide();
  void apply(Choice choice);
  void enact(Choice choice);
  void schedule_decision(Time at);
  bool decides_at_intervals() const { return facts_.decision_interval.count() > 0; }
  Duration spot_time_before_deadline() override;

  // Instances.
  void fill_missing(Choice choice);
  void launch(std::uint32_t s, Purchase purchase, std::uint32_t pool);
  void on_launched(std::uint32_t s);
  void on_booted(std::uint32_t s);
  void stop_unwanted(Choice choice);
  void remove(std::uint32_t s, UsageEnd end);

  // The market.
  void watch_pools();
  void watch(std::uint32_t pool);
  void unwatch(std::uint32_t pool);
  void on_market(std::uint32_t pool);
  Time next_change(std::uint32_t pool);
  void choose_victims(std::uint32_t pool, Time at);
  void shuffle_survivors(std::uint32_t pool, Time at);
  void give_notice(std::uint32_t pool);
  void take_back(std::uint32_t pool);
  void wake_for_retry();

  // The gang.
  void settle();
  void set_phase(Phase phase);
  void break_gang();
  void assemble();
  void on_gang_event();
  void begin_training();
  void begin_saving();
  void note_checkpoints();
  void end(TimelineKind how);

  const Experiment* experiment_;
  const Mix* mix_;
  std::unique_ptr<Policy> policy_;
  JobFacts facts_;
  Fleet fleet_;
  Progress progress_;
  Ledger ledger_;
  EventQueue<Event> queue_;
  EngineGuard guard_;
  std::vector<Watch> watches_;
  std::vector<std::uint32_t> victims_;    ///< scratch of choose_victims, and its result
  std::vector<std::uint32_t> survivors_;  ///< scratch

  std::uint64_t replication_ = 0;
  Time start_{0};
  Time now_{0};
  Phase phase_ = Phase::waiting;
  Time restored_at_{0};  ///< when the gang that is being restored will train
  EventHandle gang_event_{};
  EventHandle decision_event_{};
  Time decision_at_{0};
  Choice current_ = Choice::wait;  ///< last applied
  bool stopping_ = false;          ///< a checkpoint is being written before `pending_choice_` is applied
  Choice pending_choice_ = Choice::wait;
  Time last_attempt_{0};  ///< when the fleet last tried to launch what is missing
  std::uint32_t interruptions_ = 0;
  bool over_ = false;
  ReplicationOutcome outcome_;
  Observation last_seen_;
  ReplicationRecord* record_ = nullptr;
};

}  // namespace spotmix::sim
