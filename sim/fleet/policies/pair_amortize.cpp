// With N = ceil(deadline ÷ slice) slices of G decision points, each due work ÷ N: at the start of slice i > 0
// the carry grows by what the past slice did beyond its share. Inside a slice, `need` is the share less what
// the slice has done. When need plus a restart no longer fits in what is left of the slice and the carry, or
// the whole rest no longer fits before the deadline, a running spot fleet is kept, else it is on demand;
// otherwise spot, or wait.
#include "sim/fleet/policies/deadline_rules.h"
#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {

void PairAmortize::begin(const JobFacts& facts, Outlook& outlook) {
  JobPolicy::begin(facts, outlook);
  points_per_slice_ = std::max<std::int64_t>(1, slice_ / facts.decision_interval);
  slices_ = round_up(facts.deadline, slice_) / slice_;
  share_ = facts.work / slices_;
  first_ = 0;
  carry_ = Duration{0};
  done_at_.clear();
}

Duration PairAmortize::done_in_slice(std::int64_t first, const Observation& seen) const {
  return seen.done - done_at(first);
}

void PairAmortize::open_slice(const Observation& seen, std::int64_t k) {
  if (k > 0) carry_ += seen.done - done_at(k - points_per_slice_) - share_;
  first_ = k;
}

Decision PairAmortize::decide(const Observation& seen) {
  const Duration interval = job().decision_interval;
  const std::int64_t k = seen.elapsed / interval;
  done_at_.resize(static_cast<std::size_t>(k) + 1, seen.done);
  const std::int64_t slice = k / points_per_slice_;
  if (slice >= slices_) return {seen.spot_available ? Choice::spot : Choice::on_demand};
  if (k % points_per_slice_ == 0) open_slice(seen, k);

  const Duration slice_left = (first_ + points_per_slice_ - k) * interval;
  const Duration carry = average_ ? carry_ / (slices_ - slice) : carry_;
  Duration need = share_ - done_in_slice(first_, seen) + job().restart;
  if (slice == slices_ - 1 && need.count() > 0) need = round_up(need, interval);
  const bool slice_in_danger = need > slice_left + carry - interval;
  const bool job_in_danger = time_needed(job(), seen, 1) > job().deadline - seen.elapsed - interval;
  if (slice_in_danger || job_in_danger) {
    return {seen.running == Running::spot ? Choice::spot : Choice::on_demand};
  }
  return {seen.spot_available ? Choice::spot : Choice::wait};
}

}  // namespace spotmix::sim
