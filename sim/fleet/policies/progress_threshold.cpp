// Keeps progress at or above the straight line to the deadline, on demand where spot is missing; Uniform
// Progress adds hysteresis, so that it does not leave an on-demand instance the moment it is level again.
#include "sim/fleet/policies/deadline_rules.h"
#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {
namespace {

template <bool hysteresis>
class ProgressThreshold final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override {
    Choice choice = seen.spot_available ? Choice::spot : Choice::wait;
    if (!seen.spot_available && behind_schedule(job(), seen, Duration{0}, false)) choice = Choice::on_demand;
    if (hysteresis && seen.running == Running::on_demand &&
        (!seen.spot_available || behind_schedule(job(), seen, 2 * job().restart, true))) {
      choice = Choice::on_demand;
    }
    const Duration left = time_left(job(), seen);
    if (seen.running != Running::spot && time_needed(job(), seen, 2) >= left) choice = Choice::on_demand;
    if (time_needed(job(), seen, 1) >= left)
      choice = spot_and_training(seen) ? Choice::spot : Choice::on_demand;
    return {choice};
  }
};

template <bool hysteresis>
PolicyEntry entry_of(std::string_view name, std::string_view alias) {
  PolicyEntry entry{name, alias, make_plain<ProgressThreshold<hysteresis>>};
  entry.watches_deadline = entry.decides_purchase = true;
  return entry;
}

}  // namespace

namespace policy_entries {

PolicyEntry rc_threshold();
PolicyEntry rc_threshold() {
  return entry_of<false>("rc_threshold", "");
}

PolicyEntry uniform_progress();
PolicyEntry uniform_progress() {
  return entry_of<true>("uniform_progress", "rc_cr_threshold");
}

}  // namespace policy_entries
}  // namespace spotmix::sim
