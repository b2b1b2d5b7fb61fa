#include "sim/fleet/policies/deadline_rules.h"
#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {

Decision ProgressThreshold::decide(const Observation& seen) {
  Choice choice = seen.spot_available ? Choice::spot : Choice::wait;
  if (!seen.spot_available && behind_schedule(job(), seen, Duration{0}, false)) choice = Choice::on_demand;
  if (hysteresis_ && seen.running == Running::on_demand &&
      (!seen.spot_available || behind_schedule(job(), seen, 2 * job().restart, true))) {
    choice = Choice::on_demand;
  }
  const Duration left = time_left(job(), seen);
  if (seen.running != Running::spot && time_needed(job(), seen, 2) >= left) choice = Choice::on_demand;
  if (time_needed(job(), seen, 1) >= left)
    choice = spot_and_training(seen) ? Choice::spot : Choice::on_demand;
  return {choice};
}

}  // namespace spotmix::sim
