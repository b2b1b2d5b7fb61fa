// The large parts of a scenario file, each read in a file of its own.
#pragma once

#include "base/json/node.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

WorkloadSpec read_workload(const Node& node);
ParallelismSpec read_parallelism(const Node& node);
MarketSpec read_market(const Node& node);
HardwareSpec read_hardware(const Node& node);
MixSpec read_mix(const Node& node);

}  // namespace spotmix::scenarios
