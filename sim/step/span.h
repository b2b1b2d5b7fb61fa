// One stretch of work on one device or link, for a timeline of the step.
#pragma once

#include <string>

#include "sim/units/time.h"

namespace spotmix::sim {

struct Span {
  std::string row;   ///< The device or link, such as "stage 3".
  std::string name;  ///< What it does, such as "forward 7".
  StepDuration start{};
  StepDuration length{};
};

}  // namespace spotmix::sim
