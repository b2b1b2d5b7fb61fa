#pragma once

#include "models/step/step.h"

namespace spotmix::tests {

inline double seconds_of(StepDuration time) {
  return static_cast<double>(time.count()) * 1e-12;
}

}  // namespace spotmix::tests
