// A configuration's micro-batches as work for a pipeline.
#pragma once

#include "models/step/configuration.h"
#include "models/step/costs.h"
#include "models/step/pipeline.h"

namespace spotmix::models {

PipelineWork pipeline_work(StepCosts& costs, const Configuration& configuration);

/// What the step takes at least: no device is done before all its passes.
double least_time_s(const Configuration& configuration);

}  // namespace spotmix::models
