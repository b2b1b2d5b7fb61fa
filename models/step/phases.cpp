#include "models/step/phases.h"

#include <cmath>

namespace spotmix::models {

PhaseSum sum_of_phases(const std::vector<PhaseTime>& phases) {
  PhaseSum sum;
  for (const PhaseTime& phase : phases) {
    sum.time_s += std::ceil(phase.samples / phase.global_batch) * phase.step_s;
    sum.samples += phase.samples;
  }
  return sum;
}

}  // namespace spotmix::models
