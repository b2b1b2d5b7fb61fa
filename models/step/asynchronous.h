// Workers of different speed that do not wait for one another.
#pragma once

#include <vector>

#include "models/step/span.h"
#include "models/step/step.h"

namespace spotmix::models {

/// Whether a step is that of workers on several kinds of instances under an asynchronous parameter server.
bool mixed_workers_run_apart(const StepInput& input);

/// Every group takes its devices' share of the batch again and again at its own pace: rates add up. The parts
/// are those of each group, weighted by its part of the samples; memory is that of the group that needs most.
/// A timeline shows the slowest group.
StepBreakdown asynchronous_step(const StepInput& input, std::vector<Span>* spans = nullptr);

}  // namespace spotmix::models
