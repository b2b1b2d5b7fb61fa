#include "sim/fleet/policies/deadline_rules.h"
#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {

Decision Greedy::decide(const Observation& seen) {
  const bool last_chance = time_needed(job(), seen, 1) >= job().deadline - seen.elapsed;
  const bool spot_costs_nothing = job().restart.count() == 0;
  if (last_chance && seen.running != Running::spot && !(spot_costs_nothing && seen.spot_available)) {
    return {Choice::on_demand};
  }
  return {seen.spot_available ? Choice::spot : Choice::wait};
}

}  // namespace spotmix::sim
