// Where the figures of a step come from.
#pragma once

#include <vector>

#include "models/hardware/topology.h"
#include "models/parallelism/operation_costs.h"
#include "models/provenance/source.h"
#include "sim/step/step.h"

namespace spotmix::sim {

/// Kernels, layers, collectives where there are any, the memory of a device.
std::vector<models::Source> step_sources(const StepInput& input, const models::ClusterTopology& topology,
                                         const models::OperationCosts& costs);

}  // namespace spotmix::sim
