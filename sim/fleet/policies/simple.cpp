// Policies that do not look at the deadline.
#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {

Decision Fixed::decide(const Observation&) {
  return {Choice::configured};
}

Decision OnDemandFallback::decide(const Observation& seen) {
  if (seen.running != Running::none) return {Choice::configured};
  if (seen.missing_for >= wait_) return {Choice::fill_on_demand};
  return {Choice::configured, wait_ - seen.missing_for};
}

Decision OnDemandOnly::decide(const Observation&) {
  return {Choice::on_demand};
}

Decision SpotOnly::decide(const Observation& seen) {
  return {seen.spot_available ? Choice::spot : Choice::wait};
}

}  // namespace spotmix::sim
