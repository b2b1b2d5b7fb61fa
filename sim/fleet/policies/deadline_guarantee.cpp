#include "sim/fleet/policies/deadline_guarantee.h"

#include <cassert>

#include "sim/fleet/policies/deadline_rules.h"

namespace spotmix::sim {

void DeadlineGuarantee::begin(const JobFacts& facts, Outlook& outlook) {
  assert(facts.decision_interval > Duration{0});
  job_ = &facts;
  to_the_end_ = false;
  inner_->begin(facts, outlook);
}

Decision DeadlineGuarantee::decide(const Observation& seen) {
  const Decision decision = inner_->decide(seen);
  if (!job_->loses_nothing || !seen.keeps_pace || to_the_end_) return guarded(seen, decision);
  if (is_last_chance(seen) && !spot_and_training(seen)) return {Choice::on_demand, decision.ask_again_after};
  return decision;
}

/// Whether only on demand from now on is on time, in whole decision intervals, where nothing is ever lost.
bool DeadlineGuarantee::is_last_chance(const Observation& seen) const {
  const Duration rest = job_->work - seen.saved + job_->jump;
  return round_up(rest, job_->decision_interval) >= time_left(*job_, seen);
}

/// How long the rest of the job takes on demand if `choice` is followed until the next decision: training
/// writes a checkpoint before the fleet is changed, and on the way there it may be lost all the same. What is
/// on demand now is given up only after a checkpoint.
Duration DeadlineGuarantee::rest_if_delayed(const Observation& seen, Choice choice) const {
  const bool leaves = seen.running == Running::on_demand && choice != Choice::on_demand;
  const Duration safe = seen.running == Running::on_demand ? seen.done : seen.saved;
  return job_->work - safe + job_->jump + (leaves ? 2 : 1) * job_->save + job_->unnoticed;
}

Decision DeadlineGuarantee::guarded(const Observation& seen, const Decision& decision) {
  const Duration spare =
      job_->deadline - seen.elapsed - job_->decision_interval - rest_if_delayed(seen, decision.choice);
  to_the_end_ = to_the_end_ || spare.count() <= 0 || !job_->keeps_work;
  if (to_the_end_) return {Choice::on_demand, kForever, true};
  return decision;
}

}  // namespace spotmix::sim
