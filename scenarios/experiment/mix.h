// The settings of one mix with every default applied; docs/scenario.md lists the defaults.
#pragma once

#include "scenarios/problem.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"

namespace spotmix::scenarios {

/// Whether the policy chooses between spot and on demand itself, whatever its groups say.
bool decides_purchase(sim::PolicyKind kind);

sim::PolicySpec policy_of(const PolicySettings& settings);

/// Boot takes 26 s on instances without an accelerator and 360 s on those with one (RULES.md 21: "about 26 s
/// to SSH for CPU types, 5–7 min for GPU images").
sim::LaunchSpec launch_of(const MixSpec& mix);

/// Sizes and bandwidths that the scenario leaves out come from the model and the catalogue; where those say
/// nothing, a problem is added.
sim::RecoverySpec recovery_of(const Scenario& scenario, const MixSpec& mix, const std::string& path,
                              Problems& problems);

}  // namespace spotmix::scenarios
