// Spot when there is any, else wait, deadline or not.
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class SpotOnly final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override {
    return {seen.spot_available ? Choice::spot : Choice::wait};
  }
};

}  // namespace

namespace policy_entries {

PolicyEntry spot_only();
PolicyEntry spot_only() {
  PolicyEntry entry{"spot_only", "", make_plain<SpotOnly>};
  entry.decides_purchase = true;
  entry.buys_on_demand = false;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
