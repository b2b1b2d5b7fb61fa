// What the parts of one mix must say together: groups, policy, gang, checkpoints.
#pragma once

#include "base/result/problem.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

void check_mixes(const Scenario& scenario, Problems& problems);

}  // namespace spotmix::scenarios
