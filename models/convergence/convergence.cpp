#include "models/convergence/convergence.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/statistics/quantile.h"

namespace spotmix::models {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double curve_at(const ConvergenceCurve& curve, double batch) {
  return curve.minimum * (1 + batch / curve.critical_batch);
}

}  // namespace

const ConvergenceCurve* find_convergence(std::string_view benchmark) {
  for (const ConvergenceCurve& curve : convergence_curves()) {
    if (curve.benchmark == benchmark) return &curve;
  }
  return nullptr;
}

TrainingNeed training_need(const ConvergenceCurve& curve, double global_batch) {
  const double amount = curve_at(curve, global_batch);
  return {amount, amount * curve.run_spread,
          global_batch < curve.smallest_batch || global_batch > curve.largest_batch};
}

std::optional<double> samples_to_target(const ConvergenceCurve& curve, double global_batch) {
  const double amount = training_need(curve, global_batch).amount;
  if (curve.unit == ConvergenceUnit::samples) return amount;
  if (!curve.samples_per_epoch) return std::nullopt;
  return amount * *curve.samples_per_epoch;
}

ConvergenceCurve fit_convergence(std::string_view benchmark, ConvergenceUnit unit,
                                 const std::vector<ConvergencePoint>& points) {
  // amount = a + b·batch with weights 1 ÷ amount²: a = E_min, b = E_min ÷ B_crit.
  double w = 0, wx = 0, wxx = 0, wy = 0, wxy = 0;
  for (const ConvergencePoint& point : points) {
    const double weight = 1 / (point.amount * point.amount);
    w += weight;
    wx += weight * point.global_batch;
    wxx += weight * point.global_batch * point.global_batch;
    wy += weight * point.amount;
    wxy += weight * point.global_batch * point.amount;
  }
  const double determinant = w * wxx - wx * wx;
  double a = wy / w, b = 0;
  if (determinant > 1e-12 * w * wxx) {
    b = std::max(0.0, (w * wxy - wx * wy) / determinant);
    a = (wy - b * wx) / w;
    if (a <= 0) {
      // Ever larger batches without any gain: the smallest batch is already far beyond the critical one.
      b = wxy / wxx;
      a = b * points.front().global_batch * 1e-3;
    }
  }
  ConvergenceCurve curve{.benchmark = std::string(benchmark),
                         .unit = unit,
                         .minimum = a,
                         .critical_batch = b > 0 ? a / b : kInfinite};
  std::vector<double> spreads;
  double error = 0;
  curve.smallest_batch = kInfinite;
  for (const ConvergencePoint& point : points) {
    spreads.push_back(point.spread);
    error += std::abs(curve_at(curve, point.global_batch) / point.amount - 1);
    curve.smallest_batch = std::min(curve.smallest_batch, point.global_batch);
    curve.largest_batch = std::max(curve.largest_batch, point.global_batch);
  }
  curve.run_spread = median(spreads);
  curve.curve_error = error / static_cast<double>(points.size());
  return curve;
}

}  // namespace spotmix::models
