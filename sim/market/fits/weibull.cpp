#include <cmath>

#include <boost/math/tools/toms748_solve.hpp>

#include "sim/market/fits/fits.h"

namespace spotmix::sim::fits {
namespace {

/// What the schema of scenarios takes; equal lengths would drive the shape to infinity.
constexpr double kLeastShape = 0.01;
constexpr double kGreatestShape = 100;

/// The sums that the likelihood of a shape k needs, with lengths relative to the longest so that none
/// overflows.
struct Sums {
  double powers = 0;      ///< Σ x^k over all lives
  double log_powers = 0;  ///< Σ x^k ln x over all lives
};

Sums sums_of(const std::vector<Life>& lives, double longest, double shape) {
  Sums sums;
  for (const Life& life : lives) {
    const double log_length = std::log(life.hours / longest);
    const double power = std::exp(shape * log_length);
    sums.powers += power;
    sums.log_powers += power * log_length;
  }
  return sums;
}

}  // namespace

/// The profile likelihood in the shape k has its maximum where Σ x^k ln x ÷ Σ x^k − 1/k equals the mean of
/// ln x over the lives that ended; its left side grows with k. The scale is then (Σ x^k ÷ d)^(1/k).
/// (Cohen, "Maximum Likelihood Estimation in the Weibull Distribution Based on Complete and on Censored
/// Samples", Technometrics 7, 1965.)
FittedLifetime weibull(const std::vector<Life>& lives) {
  const double longest = lives.back().hours;
  double ends = 0;
  double log_ends = 0;
  for (const Life& life : lives) {
    if (!life.ended) continue;
    ends += 1;
    log_ends += std::log(life.hours / longest);
  }
  const auto slope = [&](double shape) {
    const Sums sums = sums_of(lives, longest, shape);
    return sums.log_powers / sums.powers - 1 / shape - log_ends / ends;
  };
  double shape = kGreatestShape;
  if (slope(kGreatestShape) > 0) {
    std::uintmax_t steps = 200;
    const auto [low, high] = boost::math::tools::toms748_solve(
        slope, kLeastShape, kGreatestShape, boost::math::tools::eps_tolerance<double>(40), steps);
    shape = (low + high) / 2;
  }
  FittedLifetime fit;
  fit.form = LifetimeForm::weibull;
  fit.parameters = 2;
  fit.shape = shape;
  const double powers = sums_of(lives, longest, shape).powers;
  fit.scale_hours = longest * std::pow(powers / ends, 1 / shape);
  // Σ over ends of ln k + (k − 1) ln x − k ln s, less Σ (x/s)^k over all, which is d at the maximum.
  fit.log_likelihood = ends * (std::log(shape) - shape * std::log(fit.scale_hours)) +
                       (shape - 1) * (log_ends + ends * std::log(longest)) - ends;
  return fit;
}

}  // namespace spotmix::sim::fits
