#include "sim/fleet/policies/deadline_guarantee.h"

#include "sim/fleet/policies/deadline_rules.h"

namespace spotmix::sim {

void DeadlineGuarantee::begin(const JobFacts& facts, Outlook& outlook) {
  job_ = &facts;
  inner_->begin(facts, outlook);
}

Decision DeadlineGuarantee::decide(const Observation& seen) {
  const Decision decision = inner_->decide(seen);
  const bool last_chance = time_needed(*job_, seen, 1) >= time_left(*job_, seen);
  if (last_chance && !spot_and_training(seen)) return {Choice::on_demand, decision.ask_again_after};
  return decision;
}

}  // namespace spotmix::sim
