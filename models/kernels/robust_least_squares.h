// Nonlinear least squares for a handful of parameters, robust against samples that do not follow the formula.
//
// Minimises Σ ρ(rᵢ²) with ρ(z) = 2c²(√(1 + z/c²) − 1) (soft L1) plus a pull towards the start that keeps
// parameters which the samples do not determine; Levenberg's method with a numeric Jacobian.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace spotmix::models {

struct RobustLeastSquares {
  double soft_from = 0.1;  ///< c: residuals beyond it count linearly.
  double pull = 0.1;       ///< Residual added per unit of distance from `centre`.
  double step = 1e-3;      ///< Of the numeric derivative.
  int iterations = 60;
};

/// `residuals(parameters, out)` fills `out` (size `count`). Returns the best parameters found from `start`.
std::vector<double> robust_least_squares(
    const std::function<void(std::span<const double>, std::span<double>)>& residuals, std::size_t count,
    std::span<const double> start, std::span<const double> centre, const RobustLeastSquares& options = {});

}  // namespace spotmix::models
