// Training and its checkpoints, one tick at a time (sim/fleet/mix.h, CheckpointSpec).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/fleet/mix.h"

namespace spotmix::sim::naive {

class Training {
 public:
  Training(Duration work, const CheckpointSpec& spec) : work_(work), spec_(spec) {}

  bool on() const { return on_; }
  bool writing() const { return writing_left_ > Duration{0}; }
  Duration done() const { return std::min(work_, done_before_ + work_in(trained_)); }
  Duration saved() const { return spec_.kind == CheckpointSpec::Kind::continuous ? done() : saved_; }
  bool complete() const { return done() >= work_; }
  int saved_increments() const { return saved_increments_; }
  std::int64_t full() const { return full_; }
  std::int64_t increments() const { return increments_; }

  /// Writing takes so long from now on.
  void set_times(const CheckpointTimes& times) {
    spec_.write = times.write;
    spec_.upload = times.upload;
    spec_.write_increment = times.write_increment;
    spec_.upload_increment = times.upload_increment;
  }

  /// No checkpoints at intervals from now on; one that is being written comes to nothing.
  void stop_writing() {
    const bool was_on = on_;
    pause();
    writes_ = false;
    if (was_on) begin(speed_);
  }

  /// Trains from now on, at so many billionths of the whole gang's speed.
  void begin(std::int64_t speed) {
    on_ = true;
    speed_ = speed;
    begun_ = 0;
  }

  /// Training time until the work is done: the shortest that is long enough.
  Duration left() const {
    Wide time = (static_cast<Wide>((work_ - done_before_).count()) * kBillion + speed_ - 1) / speed_;
    return Duration{static_cast<std::int64_t>(time)} - trained_;
  }

  /// `time` passes while training or writing, up to a tick and no more than what is left.
  void pass(Duration time) {
    // What is on its way to the store gets further whatever the gang does.
    for (Upload& upload : uploads_) upload.left -= time;
    if (writing()) {
      writing_left_ -= time;
      if (!writing()) uploads_.push_back(written_);
    } else {
      trained_ += time;
      unsaved_ += time;
      if (due()) begin_write();
    }
    for (const Upload& upload : uploads_) {
      if (upload.left <= Duration{0}) count(upload);
    }
    std::erase_if(uploads_, [](const Upload& upload) { return upload.left <= Duration{0}; });
    if (spec_.kind == CheckpointSpec::Kind::continuous) unsaved_ = Duration{0};
    if (spec_.kind == CheckpointSpec::Kind::interval && complete()) {
      saved_ = work_;
      saved_increments_ = 0;
      unsaved_ = Duration{0};
    }
  }

  /// A pause of the gang loses a checkpoint that is not written and uploaded, and nothing else.
  void pause() {
    if (!on_) return;
    saved_ = saved();
    done_before_ = done();
    trained_ = writing_left_ = Duration{0};
    uploads_.clear();
    on_ = false;
  }

  /// Goes back to the last checkpoint; returns the training time that was for nothing.
  Duration lose() {
    pause();
    const Duration lost = unsaved_;
    done_before_ = saved_;
    unsaved_ = Duration{0};
    return lost;
  }

  /// A checkpoint of the paused gang is complete.
  void save() {
    ++full_;
    saved_ = done_before_;
    saved_increments_ = 0;
    unsaved_ = Duration{0};
  }

 private:
  __extension__ using Wide = __int128;
  static constexpr std::int64_t kBillion = 1'000'000'000;

  struct Upload {
    Duration left{0};
    Duration trained{0};  ///< when it was written
    int increments = 0;   ///< that it needs besides the full one
  };

  Duration work_in(Duration time) const {
    return Duration{static_cast<std::int64_t>(static_cast<Wide>(time.count()) * speed_ / kBillion)};
  }

  bool due() const {
    return writes_ && spec_.kind == CheckpointSpec::Kind::interval && !complete() &&
           trained_ % spec_.interval == Duration{0};
  }

  void begin_write() {
    const int place = static_cast<int>(begun_++ % spec_.full_every);
    ++(place == 0 ? full_ : increments_);
    written_ = {place == 0 ? spec_.upload : spec_.upload_increment, trained_, place};
    writing_left_ = place == 0 ? spec_.write : spec_.write_increment;
    if (!writing()) uploads_.push_back(written_);
  }

  void count(const Upload& upload) {
    saved_ = done_before_ + work_in(upload.trained);
    saved_increments_ = upload.increments;
    unsaved_ = trained_ - upload.trained;
  }

  Duration work_;
  CheckpointSpec spec_;
  bool on_ = false;
  bool writes_ = true;
  std::int64_t speed_ = kBillion;
  Duration done_before_{0};  ///< work done before training last began
  Duration trained_{0};      ///< since then
  Duration saved_{0};
  Duration unsaved_{0};  ///< training time that a loss would undo
  Duration writing_left_{0};
  Upload written_;  ///< what is being written
  std::vector<Upload> uploads_;
  std::int64_t begun_ = 0;  ///< writes since training last began
  std::int64_t full_ = 0;   ///< writes begun since the job began
  std::int64_t increments_ = 0;
  int saved_increments_ = 0;
};

}  // namespace spotmix::sim::naive
