// The policies that see nothing random, each in a few lines, by docs/scenario.md and Wu et al., "Can't Be
// Late", NSDI 2024.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sim/fleet/policy.h"

namespace spotmix::sim::naive {

using Decide = std::function<Decision(const Observation&)>;

/// What a policy knows of the job, which must outlive it.
struct Job : JobFacts {
  /// By how much more training time all work takes than was reckoned before the step time was known.
  double relearned = 1;
};

/// Time that the rest of the job takes with so many restarts: a checkpoint after every interval but the last,
/// all in whole intervals of decision.
inline Duration rest_of_job(const JobFacts& job, const Observation& seen, int restarts) {
  const Duration left = job.work - seen.saved;
  Duration rest = left + restarts * job.restart;
  if (job.checkpoint_interval > Duration{0}) {
    for (Duration trained = job.checkpoint_interval; trained < left; trained += job.checkpoint_interval)
      rest += job.checkpoint_write;
  }
  if (job.decision_interval == Duration{0}) return rest;
  Duration whole{0};
  while (whole < rest) whole += job.decision_interval;
  return whole;
}

/// Whole intervals of decision until the deadline, and below zero after it.
inline Duration time_left(const JobFacts& job, const Observation& seen) {
  const Duration left = job.deadline - seen.elapsed;
  return job.decision_interval == Duration{0} ? left : left - left % job.decision_interval;
}

/// How far work is ahead of the straight line to the deadline, `later` from now; below zero: behind.
__extension__ using Wide = __int128;
inline Wide ahead_of_schedule(const JobFacts& job, const Observation& seen, Duration later) {
  return static_cast<Wide>(seen.done.count()) * job.deadline.count() -
         static_cast<Wide>((seen.elapsed + later).count()) * job.work.count();
}

inline Decision if_available(const Observation& seen) {
  return {seen.spot_available ? Choice::spot : Choice::wait};
}

inline bool spot_is_training(const Observation& seen) {
  return seen.running == Running::spot && seen.restart_left <= Duration{0};
}

inline Decision fall_back(const PolicySpec& spec, const Observation& seen) {
  if (seen.running != Running::none) return {Choice::configured};
  if (seen.missing_for >= spec.fallback_wait) return {Choice::fill_on_demand};
  return {Choice::configured, spec.fallback_wait - seen.missing_for};
}

inline Decision greedy(const JobFacts& job, const Observation& seen) {
  const bool late = rest_of_job(job, seen, 1) >= job.deadline - seen.elapsed;
  const bool spot_is_as_good = seen.spot_available && job.restart == Duration{0};
  if (late && seen.running != Running::spot && !spot_is_as_good) return {Choice::on_demand};
  return if_available(seen);
}

/// `hysteresis`: Uniform Progress, which stays on demand until it is two restarts ahead.
inline Decision keep_in_step(const JobFacts& job, const Observation& seen, bool hysteresis) {
  const Duration left = time_left(job, seen);
  if (rest_of_job(job, seen, 1) >= left) return {spot_is_training(seen) ? Choice::spot : Choice::on_demand};
  if (rest_of_job(job, seen, 2) >= left && seen.running != Running::spot) return {Choice::on_demand};
  if (hysteresis && seen.running == Running::on_demand) {
    const bool far_ahead = ahead_of_schedule(job, seen, 2 * job.restart) > 0;
    if (!seen.spot_available || !far_ahead) return {Choice::on_demand};
  }
  if (!seen.spot_available && ahead_of_schedule(job, seen, Duration{0}) < 0) return {Choice::on_demand};
  return if_available(seen);
}

/// Buys what spot before the deadline will not do on demand, as early as it can.
inline Decide with_foresight(const Job& job, Duration spot_before_deadline) {
  struct Account {
    Duration work{0};
    Duration left{0};
    Duration until{0};
    bool buying = false;
  };
  auto account = std::make_shared<Account>();
  account->work = job.work;
  account->left = std::max(Duration{0}, job.work - spot_before_deadline);
  return [account, &job](const Observation& seen) -> Decision {
    account->left += job.work - account->work;
    account->work = job.work;
    if (account->buying) account->left -= seen.elapsed - account->until;
    account->until = seen.elapsed;
    account->buying = !seen.spot_available && account->left > Duration{0};
    return account->buying ? Decision{Choice::on_demand} : if_available(seen);
  };
}

/// Cuts the time to the deadline into slices, each with its share of the work (policies/pair_amortize.cpp).
/// In seconds with a fraction, as the published program reckons: what is level by a hair is decided by
/// rounding.
class Slices {
 public:
  Slices(const PolicySpec& spec, const Job& job, bool average) : job_(&job), average_(average) {
    points_ = std::max<std::int64_t>(1, spec.pair_slice / job.decision_interval);
    while (slices_ * spec.pair_slice < job.deadline) ++slices_;
    share_s_ = to_seconds(job.work) / static_cast<double>(slices_);
  }

  Decision decide(const Observation& seen) {
    if (job_->relearned != relearned_) reckon_again();
    const std::int64_t point = seen.elapsed / job_->decision_interval;
    while (static_cast<std::int64_t>(done_at_.size()) <= point) done_at_.push_back(seen.done);
    const std::int64_t slice = point / points_;
    if (slice >= slices_) return {seen.spot_available ? Choice::spot : Choice::on_demand};
    if (point % points_ == 0 && point != first_) {
      first_ = point;
      carry_s_ += to_seconds(seen.done - done_at_[static_cast<std::size_t>(point - points_)]) - share_s_;
    }
    const Duration left = job_->deadline - seen.elapsed;
    const bool job_in_danger = rest_of_job(*job_, seen, 1) > left - job_->decision_interval;
    if (job_in_danger || slice_in_danger(seen, point, slice))
      return {seen.running == Running::spot ? Choice::spot : Choice::on_demand};
    return if_available(seen);
  }

 private:
  void reckon_again() {
    relearned_ = job_->relearned;
    share_s_ = to_seconds(job_->work) / static_cast<double>(slices_);
    carry_s_ *= relearned_;
    for (Duration& done : done_at_)
      done = Duration{std::llround(static_cast<double>(done.count()) * relearned_)};
  }

  /// What the slice still needs, a restart included, no longer fits in its other intervals and the carry.
  bool slice_in_danger(const Observation& seen, std::int64_t point, std::int64_t slice) const {
    const double interval_s = to_seconds(job_->decision_interval);
    const double done_s = to_seconds(seen.done - done_at_[static_cast<std::size_t>(first_)]);
    const double left_s = static_cast<double>(first_ + points_ - point) * interval_s;
    double need_s = share_s_ - done_s + to_seconds(job_->restart);
    if (slice == slices_ - 1) need_s = std::ceil(need_s / interval_s) * interval_s;
    return need_s >
           left_s + (average_ ? carry_s_ / static_cast<double>(slices_ - slice) : carry_s_) - interval_s;
  }

  const Job* job_;
  bool average_;
  std::int64_t points_ = 1;  ///< of decision, in a slice
  std::int64_t slices_ = 0;
  std::int64_t first_ = 0;  ///< point at which the slice began
  double relearned_ = 1;
  double share_s_ = 0;
  double carry_s_ = 0;  ///< work done beyond the shares of past slices
  std::vector<Duration> done_at_;
};

inline Decide in_slices(const PolicySpec& spec, const Job& job, bool average) {
  return
      [slices = Slices(spec, job, average)](const Observation& seen) mutable { return slices.decide(seen); };
}

inline Decide policy_of(const PolicySpec& spec, const Job& job, Duration spot_before_deadline) {
  if (spec.name == "fixed") return [](const Observation&) -> Decision { return {Choice::configured}; };
  if (spec.name == "on_demand") return [](const Observation&) -> Decision { return {Choice::on_demand}; };
  if (spec.name == "spot_only") return if_available;
  if (spec.name == "on_demand_fallback")
    return [spec](const Observation& seen) { return fall_back(spec, seen); };
  if (spec.name == "greedy") return [&job](const Observation& seen) { return greedy(job, seen); };
  if (spec.name == "rc_threshold")
    return [&job](const Observation& seen) { return keep_in_step(job, seen, false); };
  if (spec.name == "uniform_progress")
    return [&job](const Observation& seen) { return keep_in_step(job, seen, true); };
  if (spec.name == "ideal_no_overhead") return with_foresight(job, spot_before_deadline);
  if (spec.name == "pair_amortize") return in_slices(spec, job, false);
  if (spec.name == "pair_amortize_avg") return in_slices(spec, job, true);
  throw std::invalid_argument("no naive policy is called " + spec.name);
}

/// With `guarantee_deadline`, where spot that trains never loses anything: on demand once only an
/// uninterrupted run is on time, unless spot trains already.
inline Decision kept_in_time(const JobFacts& job, const Observation& seen, Decision decision) {
  Duration rest = job.work - seen.saved + job.jump;
  if (job.decision_interval > Duration{0}) {
    Duration whole{0};
    while (whole < rest) whole += job.decision_interval;
    rest = whole;
  }
  if (rest >= time_left(job, seen) && !spot_is_training(seen)) decision.choice = Choice::on_demand;
  return decision;
}

/// With `guarantee_deadline`: if the rest would not fit on demand at the next decision, with what an
/// interruption until then leaves and after a checkpoint that comes to nothing, on demand to the end.
inline Decision guaranteed(const JobFacts& job, const Observation& seen, Decision decision, bool to_the_end) {
  if (job.loses_nothing && seen.keeps_pace && !to_the_end) return kept_in_time(job, seen, decision);
  const bool on_demand = seen.running == Running::on_demand;
  Duration rest = job.work - (on_demand ? seen.done : seen.saved) + job.jump + job.save + job.unnoticed;
  if (on_demand && decision.choice != Choice::on_demand) rest += job.save;
  const bool in_time = seen.elapsed + job.decision_interval + rest < job.deadline;
  if (in_time && job.keeps_work && !to_the_end) return decision;
  return {Choice::on_demand, kForever, true};
}

}  // namespace spotmix::sim::naive
