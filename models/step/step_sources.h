// Where the figures of a step come from.
#pragma once

#include <vector>

#include "models/hardware/topology.h"
#include "models/parallelism/operation_costs.h"
#include "models/provenance/source.h"
#include "models/step/step.h"

namespace spotmix::models {

/// Kernels, layers, collectives where there are any, the memory of a device.
std::vector<Source> step_sources(const StepInput& input, const ClusterTopology& topology,
                                 const OperationCosts& costs);

}  // namespace spotmix::models
