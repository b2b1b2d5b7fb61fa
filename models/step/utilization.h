// How much of the devices' peak a step uses (Chowdhery et al. 2022, arXiv 2204.02311, appendix B).
#pragma once

#include "models/step/step.h"

namespace spotmix::models {

struct Utilization {
  double model_flop_per_s_per_device = 0;  ///< Matrix products of one forward and one backward pass.
  double of_model = 0;     ///< The same over the mean peak of a device in the precision it computes in.
  double of_hardware = 0;  ///< With the products that backward computes again.
};

/// REQUIRES: the step is feasible and is that of `input`.
Utilization utilization_of(const StepInput& input, const StepBreakdown& step);

}  // namespace spotmix::models
