// A bound, not a policy one could run: it knows how much spot there will be before the deadline and buys the
// rest on demand as early as it can. Meant for jobs whose restart costs nothing.
#include <algorithm>

#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class IdealNoOverhead final : public JobPolicy {
 public:
  void begin(const JobFacts& facts, Outlook& outlook) override {
    JobPolicy::begin(facts, outlook);
    on_demand_left_ = std::max(Duration{0}, facts.work - outlook.spot_time_before_deadline());
  }

  Decision decide(const Observation& seen) override {
    if (seen.spot_available) return {Choice::spot};
    if (on_demand_left_.count() <= 0) return {Choice::wait};
    on_demand_left_ -= job().decision_interval;
    return {Choice::on_demand};
  }

 private:
  Duration on_demand_left_{0};
};

}  // namespace

namespace policy_entries {

PolicyEntry ideal_no_overhead();
PolicyEntry ideal_no_overhead() {
  PolicyEntry entry{"ideal_no_overhead", "", make_plain<IdealNoOverhead>};
  entry.watches_deadline = entry.decides_purchase = true;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
