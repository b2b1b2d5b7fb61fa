#include "sim/training/progress.h"

#include <cassert>

namespace spotmix::sim {
namespace {

__extension__ using Wide = __int128;
constexpr std::int64_t kBillion = 1'000'000'000;

}  // namespace

void Progress::reset(Duration work) {
  work_ = work;
  done_ = saved_ = unsaved_time_ = Duration{0};
  writes_ = {};
  saved_increments_ = 0;
  training_ = false;
  writes_checkpoints_ = true;
}

void Progress::set_times(const CheckpointTimes& times) {
  assert(!training_);
  checkpoint_.write = times.write;
  checkpoint_.upload = times.upload;
  checkpoint_.write_increment = times.write_increment;
  checkpoint_.upload_increment = times.upload_increment;
}

void Progress::stop_writing() {
  assert(!training_);
  writes_checkpoints_ = false;
}

void Progress::begin(Time now, Speed speed) {
  assert(speed.per_billion > 0);
  training_ = true;
  began_ = now;
  speed_ = speed;
  spent_ = {};
}

Duration Progress::work_in(Duration training) const {
  if (speed_.per_billion == kBillion) return training;
  return Duration{
      static_cast<std::int64_t>(static_cast<Wide>(training.count()) * speed_.per_billion / kBillion)};
}

Duration Progress::training_for(Duration work) const {
  if (speed_.per_billion == kBillion) return work;
  const Wide billions = static_cast<Wide>(work.count()) * kBillion;
  return Duration{static_cast<std::int64_t>((billions + speed_.per_billion - 1) / speed_.per_billion)};
}

Duration Progress::write_start(std::int64_t k) const {
  const std::int64_t full = (k + checkpoint_.full_every - 1) / checkpoint_.full_every;
  return (k + 1) * checkpoint_.interval + full * checkpoint_.write + (k - full) * checkpoint_.write_increment;
}

Time Progress::finish_time() const {
  assert(training_);
  const Duration training = training_for(std::max(Duration{0}, work_ - done_));
  if (!periodic() || training.count() == 0) return began_ + training;
  // A checkpoint after every whole interval but the one that ends the job.
  const std::int64_t writes = (training.count() - 1) / checkpoint_.interval.count();
  return began_ + write_start(writes) - checkpoint_.interval + training - writes * checkpoint_.interval;
}

Progress::Position Progress::position(Time now) const {
  assert(now >= began_);
  const Duration elapsed = now - began_;
  if (!periodic()) {
    const Duration done = std::min(work_, done_ + work_in(elapsed));
    const Duration training = done == work_ ? std::min(elapsed, training_for(work_ - done_)) : elapsed;
    if (checkpoint_.kind == CheckpointSpec::Kind::continuous)
      return {done, done, training, Duration{0}, 0, 0};
    return {done, saved_, training, unsaved_time_ + training, 0, saved_increments_};
  }
  if (now >= finish_time()) {
    const Duration training = training_for(work_ - done_);
    return {work_,
            work_,
            training,
            Duration{0},
            std::max<std::int64_t>(0, training.count() - 1) / checkpoint_.interval.count(),
            0};
  }
  // Whole groups of full_every checkpoints, then one at a time.
  const Duration group = write_start(checkpoint_.full_every) - write_start(0);
  std::int64_t begun = elapsed / group * checkpoint_.full_every;  // writes that have started
  while (write_start(begun) <= elapsed) ++begun;
  const bool writing = begun > 0 && elapsed < write_start(begun - 1) + write_time(begun - 1);
  const Duration training = writing ? begun * checkpoint_.interval
                                    : elapsed - (write_start(begun) - (begun + 1) * checkpoint_.interval);
  std::int64_t complete = begun;
  while (complete > 0 &&
         write_start(complete - 1) + write_time(complete - 1) + upload_time(complete - 1) > elapsed) {
    --complete;
  }
  // An upload that began before `begin` is not seen here: when training pauses, what is not complete is given
  // up.
  Position at;
  at.writes_begun = begun;
  at.training = training;
  at.done = std::min(work_, done_ + work_in(training));
  at.saved = complete == 0 ? saved_ : done_ + work_in(complete * checkpoint_.interval);
  at.unsaved_time =
      training - complete * checkpoint_.interval + (complete == 0 ? unsaved_time_ : Duration{0});
  at.saved_increments =
      complete == 0 ? saved_increments_ : static_cast<int>((complete - 1) % checkpoint_.full_every);
  return at;
}

Progress::Spent Progress::spend(Time now) {
  if (!training_) return {};
  const Duration training = position(now).training;
  const Duration writing = periodic() ? std::min(now, finish_time()) - began_ - training : Duration{0};
  const Spent since{training - spent_.training, writing - spent_.writing};
  spent_ = {training, writing};
  return since;
}

void Progress::pause(Time now) {
  if (!training_) return;
  const Position at = position(now);
  done_ = at.done;
  saved_ = at.saved;
  unsaved_time_ = at.unsaved_time;
  writes_ = with(at.writes_begun);
  saved_increments_ = at.saved_increments;
  training_ = false;
}

Duration Progress::lose(Time now) {
  pause(now);
  const Duration lost = unsaved_time_;
  done_ = saved_;
  unsaved_time_ = Duration{0};
  return lost;
}

}  // namespace spotmix::sim
