// As `fixed`, but what has been missing for `fallback_wait` is bought on demand and kept.
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

class OnDemandFallback final : public JobPolicy {
 public:
  explicit OnDemandFallback(Duration wait) : wait_(wait) {}

  Decision decide(const Observation& seen) override {
    if (seen.running != Running::none) return {Choice::configured};
    if (seen.missing_for >= wait_) return {Choice::fill_on_demand};
    return {Choice::configured, wait_ - seen.missing_for};
  }

 private:
  Duration wait_;
};

}  // namespace

namespace policy_entries {

PolicyEntry on_demand_fallback();
PolicyEntry on_demand_fallback() {
  PolicyEntry entry{"on_demand_fallback", "", [](const PolicySpec& spec) -> std::unique_ptr<Policy> {
                      return std::make_unique<OnDemandFallback>(spec.fallback_wait);
                    }};
  entry.falls_back = true;
  return entry;
}

}  // namespace policy_entries
}  // namespace spotmix::sim
