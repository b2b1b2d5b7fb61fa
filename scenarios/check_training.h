// What a schema cannot say about workload and parallelism: combinations that mean nothing.
#pragma once

#include "base/result/problem.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// All of them at once; reads the model's config.json where there is one.
void check_training(const Scenario& scenario, Problems& problems);

}  // namespace spotmix::scenarios
