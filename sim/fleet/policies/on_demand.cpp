// Everything on demand.
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class OnDemandOnly final : public JobPolicy {
 public:
  Decision decide(const Observation&) override { return {Choice::on_demand}; }
};

}  // namespace

namespace policy_entries {

PolicyEntry on_demand();
PolicyEntry on_demand() {
  PolicyEntry entry{"on_demand", "", make_plain<OnDemandOnly>};
  entry.buys_spot = false;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
