// What a step's fullest device holds, against what it has.
#pragma once

#include <string>

#include "models/step/configuration.h"
#include "models/step/costs.h"
#include "models/step/step.h"

namespace spotmix::models {

/// Fills in the step's memory figures. Returns why it does not fit; empty if it does or memory is not
/// checked.
std::string add_memory(StepBreakdown& step, const StepCosts& costs, const Configuration& configuration);

}  // namespace spotmix::models
