// Non-negative least absolute percentage error: the coefficients c ≥ 0 that bring features · c nearest to the
// measured values, so that a fitted latency or bandwidth can never turn negative.
#pragma once

#include <vector>

namespace spotmix::accuracy {

struct FitRow {
  std::vector<double> features;
  double measured = 0;
  double weight = 1;
};

/// Iteratively reweighted least squares; each step by coordinate descent. All rows have equally many
/// features; returns as many coefficients, zeros where there are no rows.
std::vector<double> fit_non_negative(const std::vector<FitRow>& rows, std::size_t features);

}  // namespace spotmix::accuracy
