#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {

void IdealNoOverhead::begin(const JobFacts& facts, Outlook& outlook) {
  job_ = &facts;
  on_demand_left_ = std::max(Duration{0}, facts.work - outlook.spot_time_before_deadline());
}

Decision IdealNoOverhead::decide(const Observation& seen) {
  if (seen.spot_available) return {Choice::spot};
  if (on_demand_left_.count() <= 0) return {Choice::wait};
  on_demand_left_ -= job_->decision_interval;
  return {Choice::on_demand};
}

}  // namespace spotmix::sim
