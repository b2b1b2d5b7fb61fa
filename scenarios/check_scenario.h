// What is wrong with a scenario by itself, before any file is read: settings that contradict one another, a
// setting that another one needs, a name that is given twice.
#pragma once

#include "base/result/problem.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

[[nodiscard]] Problems check_scenario(const Scenario& scenario);

}  // namespace spotmix::scenarios
