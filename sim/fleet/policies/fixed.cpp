// Each group as configured; missing instances are replaced as soon as there are any.
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class Fixed final : public JobPolicy {
 public:
  Decision decide(const Observation&) override { return {Choice::configured}; }
};

}  // namespace

namespace policy_entries {

PolicyEntry fixed();
PolicyEntry fixed() {
  PolicyEntry entry{"fixed", "", make_plain<Fixed>};
  entry.buys_on_demand = false;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
