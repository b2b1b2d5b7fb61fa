// How far the job is: work done, work saved, checkpoints, and what an interruption undoes.
//
// Training alternates between `interval` of work and one checkpoint write (which pauses it), so where it
// stands after any time on the gang has a closed form and a run without interruptions needs no events. Time
// is passed in and must not go back.
//
// Invariants: 0 ≤ saved ≤ done ≤ work. With continuous checkpoints saved = done.
#pragma once

#include <algorithm>

#include "sim/fleet/mix.h"
#include "sim/units/time.h"

namespace spotmix::sim {

class Progress {
 public:
  Progress(Duration work, const CheckpointSpec& checkpoint) : checkpoint_(checkpoint), work_(work) {}

  /// Starts over, keeping the settings.
  void reset() {
    done_ = saved_ = Duration{0};
    training_ = false;
  }

  bool training() const { return training_; }
  Duration work() const { return work_; }

  /// Work done by `now`, saved or not.
  Duration done(Time now) const { return training_ ? position(now).done : done_; }
  /// Work that an interruption at `now` would not undo.
  Duration saved(Time now) const { return training_ ? position(now).saved : saved_; }
  bool complete(Time now) const { return done(now) >= work_; }

  /// The gang trains from `now` on.
  void begin(Time now) {
    training_ = true;
    began_ = now;
  }

  /// When the work will be done if nothing happens; the gang must be training.
  Time finish_time() const;

  /// What the gang did since `begin`, as of `now`: time spent on work, and on writing checkpoints.
  struct Spent {
    Duration work{0};
    Duration writing{0};
  };

  /// Stops training at `now` with everything still in the devices' memory (to write a checkpoint, say).
  Spent pause(Time now);

  /// Stops training at `now`; work since the last complete checkpoint is undone. `lost` says how much.
  Spent lose(Time now, Duration& lost);

  /// A checkpoint of the paused state is complete.
  void save() { saved_ = done_; }

  /// Calls visit(begin, end) for each checkpoint write since `begin` that started before `now`.
  template <class Visit>
  void visit_checkpoints(Time now, Visit&& visit) const;

 private:
  struct Position {
    Duration done{0};
    Duration saved{0};
    Duration writing{0};
  };

  bool periodic() const { return checkpoint_.kind == CheckpointSpec::Kind::interval; }
  Position position(Time now) const;

  CheckpointSpec checkpoint_;
  Duration work_;
  Duration done_{0};
  Duration saved_{0};
  Time began_{0};
  bool training_ = false;
};

template <class Visit>
void Progress::visit_checkpoints(Time now, Visit&& visit) const {
  if (!training_ || !periodic()) return;
  Duration done = done_ + checkpoint_.interval;
  for (Time at = began_ + checkpoint_.interval; at < now && done < work_; done += checkpoint_.interval) {
    visit(at, at + checkpoint_.write);
    at += checkpoint_.write + checkpoint_.interval;
  }
}

}  // namespace spotmix::sim
