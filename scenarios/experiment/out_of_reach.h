// What a mix asks of the market that the market cannot give, as far as it can be seen before anything is
// simulated.
#pragma once

#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/warning.h"
#include "sim/replay/experiment.h"

namespace spotmix::scenarios {

/// A sentence for each maximum price at which nobody sells, each quota and each capacity that is smaller than
/// a gang that must be complete, and for training that outlives the horizon. Such a mix can be simulated, but
/// will not train.
std::vector<Finding> out_of_reach(const MixSpec& spec, const sim::Mix& mix,
                                  const sim::Experiment& experiment);

}  // namespace spotmix::scenarios
