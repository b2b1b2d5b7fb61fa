// Data parallelism over devices of different speed, each taking samples in proportion to it.
#pragma once

#include <vector>

#include "models/step/step.h"

namespace spotmix::models {

/// Samples of one device of each group, whole and at least 1, so that all take about equally long; together
/// they are at least the global batch.
/// REQUIRES: the cluster has no problem.
std::vector<int> proportional_shares(const StepInput& input);

/// The step under these shares: of the group that takes longest. Only data parallelism without sharding.
/// `spans`, where given, receives that group's step.
StepBreakdown proportional_step(const StepInput& input, std::vector<Span>* spans = nullptr);

}  // namespace spotmix::models
