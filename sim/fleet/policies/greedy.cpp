// Spot when there is any, else wait; on demand when only that still meets the deadline.
#include "sim/fleet/policies/deadline_rules.h"
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class Greedy final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override {
    const bool last_chance = time_needed(job(), seen, 1) >= job().deadline - seen.elapsed;
    const bool spot_costs_nothing = job().restart.count() == 0;
    if (last_chance && seen.running != Running::spot && !(spot_costs_nothing && seen.spot_available)) {
      return {Choice::on_demand};
    }
    return {seen.spot_available ? Choice::spot : Choice::wait};
  }
};

}  // namespace

namespace policy_entries {

PolicyEntry greedy();
PolicyEntry greedy() {
  PolicyEntry entry{"greedy", "strawman", make_plain<Greedy>};
  entry.watches_deadline = entry.decides_purchase = true;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
