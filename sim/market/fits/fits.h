// The estimators behind fit_lifetimes, one file for each form. Lengths are in hours and above 0.
#pragma once

#include <vector>

#include "sim/market/lifetime_fit.h"

namespace spotmix::sim::fits {

struct Life {
  double hours = 0;
  bool ended = false;
};

/// `lives` ascend by length; at least one of them ended. Each fills in parameters and log-likelihood.
FittedLifetime exponential(const std::vector<Life>& lives);
FittedLifetime weibull(const std::vector<Life>& lives);
FittedLifetime bathtub(const std::vector<Life>& lives);

}  // namespace spotmix::sim::fits
