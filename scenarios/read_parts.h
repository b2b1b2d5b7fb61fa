// The two large parts of a scenario file, each read in a file of its own.
#pragma once

#include "scenarios/json/node.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

MarketSpec read_market(const Node& node);
MixSpec read_mix(const Node& node);

}  // namespace spotmix::scenarios
