// A finished step as a timeline: a row for the devices of each stage, which all do the same, and one for
// their links.
#pragma once

#include <vector>

#include "models/step/finished_step.h"
#include "models/step/span.h"

namespace spotmix::models {

/// REQUIRES: the step has its details.
std::vector<Span> timeline_of(const FinishedStep& step);

}  // namespace spotmix::models
