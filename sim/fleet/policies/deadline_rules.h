// Arithmetic that the deadline policies share. All of it is exact: integers, no rounding but to whole
// intervals.
#pragma once

#include "sim/fleet/policy.h"

namespace spotmix::sim {

/// Wall-clock time that `work` takes on a gang that nothing interrupts: training, and the checkpoints
/// between.
inline Duration with_checkpoints(const JobFacts& job, Duration work) {
  if (job.checkpoint_interval.count() == 0 || work.count() <= 0) return work;
  return work + (work.count() - 1) / job.checkpoint_interval.count() * job.checkpoint_write;
}

/// ceil((remaining + overheads) / interval) · interval: the time that the rest takes on a machine that starts
/// at the next decision point. What is not saved remains to be done: it may be lost before then.
inline Duration time_needed(const JobFacts& job, const Observation& seen, int restarts) {
  const Duration rest = with_checkpoints(job, job.work - seen.saved) + restarts * job.restart;
  return job.decision_interval.count() > 0 ? round_up(rest, job.decision_interval) : rest;
}

/// floor((deadline − elapsed) / interval) · interval: the time left in whole intervals.
inline Duration time_left(const JobFacts& job, const Observation& seen) {
  const Duration left = job.deadline - seen.elapsed;
  return job.decision_interval.count() > 0 ? left / job.decision_interval * job.decision_interval : left;
}

/// Whether done ÷ work lags behind (elapsed + ahead) ÷ deadline; `or_level` also counts being level.
inline bool behind_schedule(const JobFacts& job, const Observation& seen, Duration ahead, bool or_level) {
  __extension__ using Wide = __int128;
  const Wide scheduled = static_cast<Wide>((seen.elapsed + ahead).count()) * job.work.count();
  const Wide reached = static_cast<Wide>(seen.done.count()) * job.deadline.count();
  return or_level ? scheduled >= reached : scheduled > reached;
}

/// Whether a running spot fleet has its restart behind it.
inline bool spot_and_training(const Observation& seen) {
  return seen.running == Running::spot && seen.restart_left.count() <= 0;
}

}  // namespace spotmix::sim
