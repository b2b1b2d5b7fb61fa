// The settings of one mix with every default applied; docs/scenario.md lists the defaults.
#pragma once

#include "scenarios/problem.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"
#include "sim/fleet/policy.h"

namespace spotmix::scenarios {

/// What is known of the mix's policy; of `fixed` where the name is none, which check_scenario reports.
const sim::PolicyEntry& policy_entry(const PolicySettings& settings);

sim::PolicySpec policy_of(const PolicySettings& settings);

/// Boot takes 26 s on instances without an accelerator and 360 s on those with one (docs/rules.md 21: "about
/// 26 s to SSH for CPU types, 5–7 min for GPU images").
sim::LaunchSpec launch_of(const MixSpec& mix);

}  // namespace spotmix::scenarios
