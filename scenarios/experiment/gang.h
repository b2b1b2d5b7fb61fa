// How a mix's training follows the number of its instances: the settings of its gang, every default applied.
#pragma once

#include "base/result/problem.h"
#include "scenarios/build.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"

namespace spotmix::scenarios {

/// `details` are those of the whole gang. Speeds that the scenario leaves out are, for each size that the
/// scenario gives a rate of or the model can be evaluated for, that size's rate over the whole gang's;
/// between such sizes they are interpolated, and where there are none they are proportional to the size.
sim::GangSpec gang_of(const Scenario& scenario, const MixSpec& mix, const MixDetails& details,
                      ThroughputModel& throughput, Problems& problems);

/// The lowest speed, relative to the whole gang's, at which `gang` may train on up to `units` units.
double slowest_speed(const sim::GangSpec& gang, int units);

}  // namespace spotmix::scenarios
