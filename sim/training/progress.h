// How far the job is: work done, work saved, checkpoints, and what an interruption undoes.
//
// Work is measured in training time of the whole gang; a gang that is smaller or slower does it at a lower
// speed. Training alternates between `interval` of training and one checkpoint, whose write pauses it, so
// where it stands after any time has a closed form and a run without interruptions needs no events. Time is
// passed in and must not go back.
//
// Invariants: 0 ≤ saved ≤ done ≤ work. With continuous checkpoints saved = done.
#pragma once

#include <algorithm>

#include "base/units/time.h"
#include "sim/fleet/mix.h"

namespace spotmix::sim {

/// Work per training time, in billionths of the whole gang's.
struct Speed {
  std::int64_t per_billion = 1'000'000'000;
  friend bool operator==(Speed, Speed) = default;
};

class Progress {
 public:
  Progress(Duration work, const CheckpointSpec& checkpoint) : checkpoint_(checkpoint), work_(work) {}

  /// Starts over with this work, keeping the other settings.
  void reset(Duration work);

  /// From now on writing a checkpoint takes as long as on another gang. REQUIRES: not training.
  void set_times(const CheckpointTimes& times);

  bool training() const { return training_; }
  Duration work() const { return work_; }

  /// Work done by `now`, saved or not.
  Duration done(Time now) const { return training_ ? position(now).done : done_; }
  /// Work that an interruption at `now` would not undo.
  Duration saved(Time now) const { return training_ ? position(now).saved : saved_; }
  bool complete(Time now) const { return done(now) >= work_; }

  /// From now on no checkpoints are written at intervals, until `reset`. REQUIRES: not training.
  void stop_writing();

  /// The gang trains from `now` on, at `speed` > 0.
  void begin(Time now, Speed speed = {});

  /// When the work will be done if nothing happens; the gang must be training.
  Time finish_time() const;

  /// Time that went into training and into writing checkpoints.
  struct Spent {
    Duration training{0};
    Duration writing{0};
  };

  /// Checkpoint writes that started, since the job began.
  struct Writes {
    std::int64_t full = 0;
    std::int64_t increments = 0;
  };
  Writes checkpoints(Time now) const { return training_ ? with(position(now).writes_begun) : writes_; }

  /// Increments that a restart from what is saved reads besides a full checkpoint.
  int saved_increments(Time now) const {
    return training_ ? position(now).saved_increments : saved_increments_;
  }

  /// What was spent since the last call, or since `begin`; nothing when the gang does not train.
  Spent spend(Time now);

  /// Stops training at `now` with everything still in the devices' memory (to write a checkpoint, say).
  void pause(Time now);

  /// Stops training at `now`; work since the last complete checkpoint is undone. Returns the training time
  /// that went into it.
  Duration lose(Time now);

  /// A checkpoint of the paused state is complete.
  void save() {
    ++writes_.full;
    saved_increments_ = 0;
    saved_ = done_;
    unsaved_time_ = Duration{0};
  }

  /// Calls visit(begin, end) for each checkpoint write since `begin` that started before `now`.
  template <class Visit>
  void visit_checkpoints(Time now, Visit&& visit) const;

 private:
  struct Position {
    Duration done{0};
    Duration saved{0};
    Duration training{0};      ///< since began_
    Duration unsaved_time{0};  ///< training time that an interruption would undo
    std::int64_t writes_begun = 0;
    int saved_increments = 0;
  };

  bool periodic() const { return writes_checkpoints_ && checkpoint_.kind == CheckpointSpec::Kind::interval; }
  bool is_full(std::int64_t k) const { return k % checkpoint_.full_every == 0; }
  /// How long the write of the k-th checkpoint since `begin` pauses training, k from 0.
  Duration write_time(std::int64_t k) const {
    return is_full(k) ? checkpoint_.write : checkpoint_.write_increment;
  }
  /// How long its upload takes after that.
  Duration upload_time(std::int64_t k) const {
    return is_full(k) ? checkpoint_.upload : checkpoint_.upload_increment;
  }
  /// The writes before began_ and the first `begun` since.
  Writes with(std::int64_t begun) const {
    const std::int64_t full = (begun + checkpoint_.full_every - 1) / checkpoint_.full_every;
    return {writes_.full + full, writes_.increments + begun - full};
  }
  /// When the k-th checkpoint's write starts, after began_.
  Duration write_start(std::int64_t k) const;
  Duration work_in(Duration training) const;
  Duration training_for(Duration work) const;
  Position position(Time now) const;

  CheckpointSpec checkpoint_;
  Duration work_;
  Duration done_{0};
  Duration saved_{0};
  Duration unsaved_time_{0};  ///< training time since the last checkpoint, as of began_
  Time began_{};
  Speed speed_;
  Writes writes_;             ///< started before began_
  int saved_increments_ = 0;  ///< as of began_
  Spent spent_;               ///< reported by `spend` since `begin`
  bool training_ = false;
  bool writes_checkpoints_ = true;
};

template <class Visit>
void Progress::visit_checkpoints(Time now, Visit&& visit) const {
  if (!training_ || !periodic()) return;
  const Time finish = finish_time();
  for (std::int64_t k = 0; began_ + write_start(k) < std::min(now, finish); ++k) {
    visit(began_ + write_start(k), began_ + write_start(k) + write_time(k));
  }
}

}  // namespace spotmix::sim
