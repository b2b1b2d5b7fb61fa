// The settings of one mix with every default applied; docs/scenario.md lists the defaults.
#pragma once

#include "base/result/problem.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"
#include "sim/fleet/policy.h"

namespace spotmix::scenarios {

struct Provider;

/// What is known of the mix's policy; of `fixed` where the name is none, which check_scenario reports.
const sim::PolicyEntry& policy_entry(const PolicySettings& settings);

sim::PolicySpec policy_of(const PolicySettings& settings);

/// Boot takes 26 s where no instance type of the mix has an accelerator, else 360 s (docs/rules.md 21); a
/// type that the provider does not know counts as one with.
sim::LaunchSpec launch_of(const MixSpec& mix, const Provider& provider);

}  // namespace spotmix::scenarios
