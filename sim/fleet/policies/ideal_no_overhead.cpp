// A bound on cost, not a policy one could run: it knows how much spot there will be before the deadline and
// buys just the rest on demand, as early as it can. It is on time, and a bound, for jobs whose restart and
// checkpoints cost nothing; others come too late under it, by what they cost.
#include <algorithm>
#include <cassert>

#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class IdealNoOverhead final : public JobPolicy {
 public:
  void begin(const JobFacts& facts, Outlook& outlook) override {
    assert(facts.decision_interval > Duration{0});
    JobPolicy::begin(facts, outlook);
    buying_ = false;
    work_ = facts.work;
    on_demand_left_ = std::max(Duration{0}, facts.work - outlook.spot_time_before_deadline());
  }

  void rescale(double) override {
    on_demand_left_ += job().work - work_;
    work_ = job().work;
  }

  Decision decide(const Observation& seen) override {
    if (buying_) on_demand_left_ -= seen.elapsed - bought_until_;
    bought_until_ = seen.elapsed;
    buying_ = !seen.spot_available && on_demand_left_.count() > 0;
    if (buying_) return {Choice::on_demand};
    return {seen.spot_available ? Choice::spot : Choice::wait};
  }

 private:
  bool buying_ = false;
  Duration work_{0};
  Duration bought_until_{0};
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
