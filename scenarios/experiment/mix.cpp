#include "scenarios/experiment/mix.h"

#include <algorithm>

#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {
namespace {

constexpr Duration kBootWithoutAccelerator = seconds{26};
constexpr Duration kBootWithAccelerator = seconds{360};
constexpr Duration kWatchInterval = minutes{10};

bool has_accelerator(const GroupSpec& group, const Provider& provider) {
  return std::any_of(group.instances.begin(), group.instances.end(), [&](const WeightedInstance& instance) {
    const InstanceType* type = provider.find(instance.name);
    return type == nullptr || type->devices > 0;
  });
}

}  // namespace

const sim::PolicyEntry& policy_entry(const PolicySettings& settings) {
  const sim::PolicyEntry* entry = sim::find_policy(settings.name);
  return entry != nullptr ? *entry : *sim::find_policy("fixed");
}

sim::PolicySpec policy_of(const PolicySettings& settings) {
  sim::PolicySpec policy;
  policy.name = policy_entry(settings).name;
  const bool watches = policy_entry(settings).watches_deadline || settings.guarantee_deadline.value_or(false);
  policy.decision_interval = settings.decision_interval.value_or(watches ? kWatchInterval : Duration{0});
  policy.fallback_wait = settings.fallback_wait.value_or(policy.fallback_wait);
  policy.pair_slice = settings.pair_slice.value_or(policy.pair_slice);
  policy.guarantee_deadline = settings.guarantee_deadline.value_or(false);
  return policy;
}

sim::LaunchSpec launch_of(const MixSpec& mix, const Provider& provider) {
  sim::LaunchSpec launch;
  const bool accelerated = std::any_of(mix.groups.begin(), mix.groups.end(), [&](const GroupSpec& group) {
    return has_accelerator(group, provider);
  });
  launch.pending = mix.launch.pending.value_or(launch.pending);
  launch.boot = mix.launch.boot.value_or(accelerated ? kBootWithAccelerator : kBootWithoutAccelerator);
  launch.retry = mix.launch.retry.value_or(launch.retry);
  launch.single_zone = mix.launch.single_zone;
  launch.leave_zone_after = mix.launch.leave_zone_after.value_or(launch.leave_zone_after);
  launch.replace_before_termination = mix.launch.replace_before_termination;
  return launch;
}

}  // namespace spotmix::scenarios
