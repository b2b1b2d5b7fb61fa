// The kernel profiles that the steps of a scenario are computed from.
#pragma once

#include "base/result/problem.h"
#include "models/kernels/shipped_profiles.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Those that the scenario names, relative to its own folder, fitted where their file is not; or, for
/// clusters of processors, the measured processor that is part of the program; else the published profiles of
/// accelerators, which are part of it too. Problems name the file.
Result<models::KernelProfiles> kernel_profiles_of(const Scenario& scenario, bool on_processors);

}  // namespace spotmix::scenarios
