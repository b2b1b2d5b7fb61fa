#include "sim/training/progress.h"

namespace spotmix::sim {

Time Progress::finish_time() const {
  const Duration rest = std::max(Duration{0}, work_ - done_);
  if (!periodic() || rest.count() == 0) return began_ + rest;
  // A checkpoint after every whole interval but the one that ends the job.
  const std::int64_t writes = (rest.count() - 1) / checkpoint_.interval.count();
  return began_ + rest + writes * checkpoint_.write;
}

Progress::Position Progress::position(Time now) const {
  const Duration elapsed = now - began_;
  if (!periodic()) {
    const Duration done = std::min(work_, done_ + elapsed);
    return {done, checkpoint_.kind == CheckpointSpec::Kind::continuous ? done : saved_, Duration{0}};
  }
  if (now >= finish_time()) return {work_, work_, now - began_ - (work_ - done_)};
  const Duration cycle = checkpoint_.interval + checkpoint_.write;
  const std::int64_t cycles = elapsed / cycle;
  const Duration within = elapsed - cycles * cycle;
  const Duration trained = cycles * checkpoint_.interval + std::min(within, checkpoint_.interval);
  const Duration saved = cycles == 0 ? saved_ : done_ + cycles * checkpoint_.interval;
  return {done_ + trained, saved, elapsed - trained};
}

Progress::Spent Progress::pause(Time now) {
  if (!training_) return {};
  const Position at = position(now);
  const Spent spent{at.done - done_, at.writing};
  done_ = at.done;
  saved_ = at.saved;
  training_ = false;
  return spent;
}

Progress::Spent Progress::lose(Time now, Duration& lost) {
  const Spent spent = pause(now);
  lost = done_ - saved_;
  done_ = saved_;
  return spent;
}

}  // namespace spotmix::sim
