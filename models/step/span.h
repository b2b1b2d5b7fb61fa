// One stretch of work on one device or link, for a timeline of the step.
#pragma once

#include <string>

#include "base/units/time.h"

namespace spotmix::models {

struct Span {
  std::string row;   ///< The devices or their links, such as "devices 0–7" and "devices 0–7: links".
  std::string name;  ///< What they do, such as "forward 7".
  StepDuration start{};
  StepDuration length{};
  /// Of a pass of one micro-batch: which pipeline device and chunk; -1 for everything else.
  int device = -1, chunk = -1;
  bool forward = true;
};

}  // namespace spotmix::models
