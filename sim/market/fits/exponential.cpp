#include <cmath>

#include "sim/market/fits/fits.h"

namespace spotmix::sim::fits {

/// Ends per hour lived: d ÷ T, with log-likelihood d ln λ − λ T.
FittedLifetime exponential(const std::vector<Life>& lives) {
  double ends = 0;
  double hours = 0;
  for (const Life& life : lives) {
    ends += life.ended ? 1 : 0;
    hours += life.hours;
  }
  FittedLifetime fit;
  fit.form = LifetimeForm::exponential;
  fit.per_hour = ends / hours;
  fit.parameters = 1;
  fit.log_likelihood = ends * std::log(fit.per_hour) - ends;
  return fit;
}

}  // namespace spotmix::sim::fits
