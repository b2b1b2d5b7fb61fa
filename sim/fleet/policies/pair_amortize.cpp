// With N = ceil(deadline ÷ slice) slices of G decision points, each due work ÷ N: at the start of slice i > 0
// the carry grows by what the past slice did beyond its share. Inside a slice, `need` is the share less what
// the slice has done. When need plus a restart no longer fits in what is left of the slice and the carry, or
// the whole rest no longer fits before the deadline, a running spot fleet is kept, else it is on demand;
// otherwise spot, or wait.
#include "sim/fleet/policies/pair_amortize.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/fleet/policies/deadline_rules.h"

namespace spotmix::sim {

void PairAmortize::begin(const JobFacts& facts, Outlook& outlook) {
  assert(facts.decision_interval > Duration{0} && facts.deadline > Duration{0} && slice_ > Duration{0});
  JobPolicy::begin(facts, outlook);
  points_per_slice_ = std::max<std::int64_t>(1, slice_ / facts.decision_interval);
  slices_ = round_up(facts.deadline, slice_) / slice_;
  share_s_ = to_seconds(facts.work) / static_cast<double>(slices_);
  first_ = 0;
  carry_s_ = 0;
  done_at_.clear();
}

void PairAmortize::rescale(double ratio) {
  share_s_ = to_seconds(job().work) / static_cast<double>(slices_);
  carry_s_ *= ratio;
  for (Duration& done : done_at_) done = Duration{std::llround(static_cast<double>(done.count()) * ratio)};
}

Duration PairAmortize::done_in_slice(std::int64_t first, const Observation& seen) const {
  return seen.done - done_at(first);
}

void PairAmortize::open_slice(const Observation& seen, std::int64_t k) {
  if (k > 0) carry_s_ += to_seconds(seen.done - done_at(k - points_per_slice_)) - share_s_;
  first_ = k;
}

bool PairAmortize::slice_in_danger(const Observation& seen, std::int64_t k, std::int64_t slice) const {
  const double interval_s = to_seconds(job().decision_interval);
  const double left_s = static_cast<double>(first_ + points_per_slice_ - k) * interval_s;
  const double carry_s = average_ ? carry_s_ / static_cast<double>(slices_ - slice) : carry_s_;
  double need_s = share_s_ - to_seconds(done_in_slice(first_, seen)) + to_seconds(job().restart);
  if (slice == slices_ - 1) need_s = std::ceil(need_s / interval_s) * interval_s;
  return need_s > left_s + carry_s - interval_s;
}

Decision PairAmortize::decide(const Observation& seen) {
  const std::int64_t k = seen.elapsed / job().decision_interval;
  done_at_.resize(static_cast<std::size_t>(k) + 1, seen.done);
  const std::int64_t slice = k / points_per_slice_;
  if (slice >= slices_) return {seen.spot_available ? Choice::spot : Choice::on_demand};
  if (k % points_per_slice_ == 0 && k != first_) open_slice(seen, k);

  const Duration left = job().deadline - seen.elapsed;
  const bool job_in_danger = time_needed(job(), seen, 1) > left - job().decision_interval;
  if (job_in_danger || slice_in_danger(seen, k, slice)) {
    return {seen.running == Running::spot ? Choice::spot : Choice::on_demand};
  }
  return {seen.spot_available ? Choice::spot : Choice::wait};
}

namespace {

PolicyEntry entry_of(std::string_view name, std::unique_ptr<Policy> (*make)(const PolicySpec&)) {
  PolicyEntry entry{name, "", make};
  entry.watches_deadline = entry.decides_purchase = entry.cuts_slices = true;
  return entry;
}

}  // namespace

namespace policy_entries {

PolicyEntry pair_amortize();
PolicyEntry pair_amortize() {
  return entry_of("pair_amortize", [](const PolicySpec& spec) -> std::unique_ptr<Policy> {
    return std::make_unique<PairAmortize>(spec.pair_slice, false);
  });
}

PolicyEntry pair_amortize_avg();
PolicyEntry pair_amortize_avg() {
  return entry_of("pair_amortize_avg", [](const PolicySpec& spec) -> std::unique_ptr<Policy> {
    return std::make_unique<PairAmortize>(spec.pair_slice, true);
  });
}

}  // namespace policy_entries
}  // namespace spotmix::sim
