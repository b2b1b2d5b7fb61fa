// Where the spread of a mix's replications comes from.
//
// The variance of the logarithm of cost or time is split by first-order effects (Sobol 1993, "Sensitivity
// Estimates for Nonlinear Mathematical Models"): the share of a draw is Var(E[ln y | draw]) ÷ Var(ln y). Two
// of the draws are known numbers, the step error's and the convergence's, both standard normal and
// independent of each other and of the market, so that the conditional expectations are estimated from the
// replications as they are: least squares on the Hermite polynomials He₁ to He₃ of each (a polynomial chaos
// expansion; Sudret 2008, "Global sensitivity analysis using polynomial chaos expansions"). What chance alone
// makes explained is taken off (Ezekiel 1930, adjusted R²). All that is left, interactions included, is the
// market's.
#pragma once

#include <optional>
#include <vector>

#include "sim/batch/result.h"
#include "sim/replay/chance.h"

namespace spotmix::sim {

/// A figure of some replications, and what these drew.
struct SpreadSample {
  std::vector<double> logarithms;   ///< Of the figure.
  std::vector<double> step_errors;  ///< Standard normal; empty without a step error.
  std::vector<double> convergence;  ///< As step_errors.
  /// Of further streams of the step error, where it depends on which instances run.
  std::vector<std::vector<double>> other_step_errors{};
};

/// Shares of the variance, with the sum 1; nullopt if nothing varies, or if the replications are too few to
/// tell several sources apart.
std::optional<SpreadShares> spread_shares(const SpreadSample& sample, const Chance& chance);

}  // namespace spotmix::sim
