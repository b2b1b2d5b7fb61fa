// The kernel profiles that the steps of a scenario are computed from.
#pragma once

#include <memory>
#include <vector>

#include "base/result/problem.h"
#include "models/kernels/profile.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Those that the scenario names, relative to its own folder, fitted where their file is not; or, for
/// clusters of processors, the measured processor that is part of the program; else the published profiles of
/// accelerators, which are part of it too. Problems name the
/// file.
using KernelProfiles = std::shared_ptr<const std::vector<models::KernelProfile>>;
Result<KernelProfiles> kernel_profiles_of(const Scenario& scenario, bool on_processors);

}  // namespace spotmix::scenarios
