// The kernel profiles that the steps of a scenario are computed from.
#pragma once

#include "base/result/problem.h"
#include "models/kernels/shipped_profiles.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Those that the scenario names, in its order, relative to its own folder, fitted where their file is not.
/// If none of them holds matrix products, the program's own follow: for clusters of processors the measured
/// processor, else the published profiles of accelerators. Problems name the file.
Result<models::KernelProfiles> kernel_profiles_of(const Scenario& scenario, bool on_processors);

}  // namespace spotmix::scenarios
