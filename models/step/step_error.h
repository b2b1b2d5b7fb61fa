// What is known of how far a step's time is off, from the errors of the sources that it rests on.
#pragma once

#include <string>
#include <vector>

#include "models/step/step.h"

namespace spotmix::models {

/// The step takes its time × exp(ε), ε normally distributed with mean 0.
struct StepError {
  struct Cause {
    std::string source;  ///< As the sources name their figure, such as "matrix products".
    double share = 0;    ///< Of the squared error.

    bool operator==(const Cause&) const = default;
  };

  double sigma = 0;             ///< Standard deviation of ε.
  std::vector<Cause> by_cause;  ///< The largest first; the shares have the sum 1.

  bool operator==(const StepError&) const = default;
};

/// Of figures whose median |error| is a fraction `error`: ln(1 + error) ÷ 0.6745, the deviation of a normal
/// distribution of which half lies within ±ln(1 + error).
double sigma_of_error(double error);

/// From the root mean square of the sources' median errors, each weighted by the share of the step that
/// rests on it. An error that is not known counts as 0.3. Waiting for other stages counts as what they
/// compute.
/// REQUIRES: the step is feasible and has its sources.
StepError step_error(const StepBreakdown& step);

}  // namespace spotmix::models
