// How much training a target takes against the global batch.
//
// E(B) = E_min·(1 + B ÷ B_crit): small batches need the least data, and beyond the critical batch larger ones
// only buy speed with data (McCandlish et al. 2018, arXiv 1812.06162). The curves that ship were fitted on
// MLCommons' reference convergence points: models/convergence/curves.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/enums/enums.h"

namespace spotmix::models {

enum class ConvergenceUnit : std::uint8_t { epochs, samples };
constexpr auto enum_names(ConvergenceUnit) {
  using enum ConvergenceUnit;
  return enum_table<ConvergenceUnit>({{epochs, "epochs"}, {samples, "samples"}});
}

struct ConvergenceCurve {
  std::string benchmark;  ///< As MLPerf names it: "resnet", "bert", "gpt3", …
  ConvergenceUnit unit = ConvergenceUnit::epochs;
  double minimum = 0;         ///< E_min, in the unit.
  double critical_batch = 0;  ///< B_crit, samples per step; infinite where the batch did not matter.
  double run_spread = 0;      ///< Standard deviation of one run over its mean, median over the points.
  double curve_error = 0;     ///< Mean of |curve ÷ point − 1|.
  double smallest_batch = 0;  ///< Of the points; below it the curve extrapolates.
  double largest_batch = 0;   ///< Of the points; above it the curve extrapolates.
  std::optional<double> samples_per_epoch{};
};

/// Every curve that ships, in order of name.
std::span<const ConvergenceCurve> convergence_curves();

/// nullptr when there is none.
const ConvergenceCurve* find_convergence(std::string_view benchmark);

struct TrainingNeed {
  double amount = 0;     ///< Epochs or samples, as the curve's unit.
  double deviation = 0;  ///< Standard deviation between runs, in the same unit.
  bool extrapolated = false;
};
TrainingNeed training_need(const ConvergenceCurve& curve, double global_batch);

/// Samples to the target; nothing where the curve counts epochs of an unknown size.
std::optional<double> samples_to_target(const ConvergenceCurve& curve, double global_batch);

struct ConvergencePoint {
  double global_batch = 0;
  double amount = 0;  ///< Median of the runs.
  double spread = 0;  ///< Standard deviation ÷ mean of the runs.
};

/// Weighted least squares on relative errors, E_min and 1 ÷ B_crit not negative. At least one point; with
/// points of one batch alone the batch does not matter.
ConvergenceCurve fit_convergence(std::string_view benchmark, ConvergenceUnit unit,
                                 const std::vector<ConvergencePoint>& points);

}  // namespace spotmix::models
