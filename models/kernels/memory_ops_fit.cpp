// Fits the memory-bound samples of a profile: the formula's parameters, then the residual.
#include <algorithm>
#include <cmath>

#include "base/statistics/quantile.h"
#include "base/units/digits.h"
#include "models/kernels/fitted_figures.h"
#include "models/kernels/memory_ops_data.h"
#include "models/kernels/robust_least_squares.h"

namespace spotmix::models {
namespace {

constexpr int kDigits = 5;
/// The pull towards the start is weak: it only holds what the samples leave open.
constexpr double kPull = 0.05;
/// Sharpness stays where the formula means something.
constexpr double kLeastSharpness = 0.5;
constexpr double kMostSharpness = 6.0;
constexpr std::size_t kSharpness = 2;  ///< Index among the element-wise parameters.

std::vector<double> logs(const std::vector<double>& values) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [](double value) { return std::log(value); });
  return result;
}

std::vector<double> parameters_from_logs(MemoryOp op, std::span<const double> p) {
  std::vector<double> result(p.size());
  std::transform(p.begin(), p.end(), result.begin(), [](double value) { return std::exp(value); });
  if (!is_attention(op)) result[kSharpness] = std::clamp(result[kSharpness], kLeastSharpness, kMostSharpness);
  return result;
}

std::vector<double> fit_parameters(const DeviceLimits& limits, const MemoryOpSamples& samples) {
  const MemoryOpQuestion question{limits, samples.op, samples.precision};
  const auto residuals = [&](std::span<const double> p, std::span<double> out) {
    const std::vector<double> parameters = parameters_from_logs(samples.op, p);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::log(memory_op_formula_s(question, parameters, samples.shapes[i]) / samples.median_s[i]);
    }
  };
  std::vector<double> start = memory_op_start(samples.op);
  // The fastest sample bounds the launch cost.
  start[0] = *std::min_element(samples.median_s.begin(), samples.median_s.end()) *
             (is_attention(samples.op) ? 0.5 : 1.0);
  const std::vector<double> log_start = logs(start);
  std::vector<double> parameters =
      parameters_from_logs(samples.op, robust_least_squares(residuals, samples.shapes.size(), log_start,
                                                            log_start, {.pull = kPull, .iterations = 100}));
  for (double& value : parameters) value = to_digits(value, kDigits);
  return parameters;
}

void fit(const DeviceLimits& limits, MemoryOpSamples& samples) {
  const MemoryOpQuestion question{limits, samples.op, samples.precision};
  samples.fit = MemoryOpFit{fit_parameters(limits, samples), {}, 0.0};
  ResidualSamples all{.dimensions = kMemoryOpCoordinates, .coordinates = {}, .residuals = {}, .group = {}};
  for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
    const double formula_s = memory_op_formula_s(question, samples.fit->parameters, samples.shapes[i]);
    const MemoryOpCoordinates row = memory_op_coordinates(question, samples.shapes[i], formula_s);
    all.coordinates.insert(all.coordinates.end(), row.begin(), row.end());
    all.residuals.push_back(std::log(samples.median_s[i] / formula_s));
    all.group.push_back(0);
  }
  const ResidualFit residual = fit_residual(all, 1.0, kernel_figures().memory_op_noise);
  std::vector<double> errors;
  for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
    samples.fit->weights.push_back(to_digits(residual.weights[i], kDigits));
    errors.push_back(std::abs(std::expm1(-residual.left_out_residuals[i])));
  }
  samples.fit->left_out_median_error = to_digits(upper_median(errors), 3);
}

}  // namespace

void fit_memory_ops(KernelProfile& profile) {
  for (MemoryOpSamples& samples : profile.memory_ops) {
    if (!samples.shapes.empty()) fit(profile.limits, samples);
  }
}

}  // namespace spotmix::models
