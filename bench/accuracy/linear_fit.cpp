#include "bench/accuracy/linear_fit.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

namespace spotmix::accuracy {
namespace {

constexpr int kReweightings = 40;
constexpr int kSweeps = 3000;
/// Errors below this weigh alike; it keeps single rows from ruling the fit.
constexpr double kErrorFloor = 0.003;

/// min |A x − b| with x ≥ 0, from the normal equations.
Eigen::VectorXd descend(const Eigen::MatrixXd& normal, const Eigen::VectorXd& right, Eigen::VectorXd x) {
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double change = 0;
    for (Eigen::Index j = 0; j < x.size(); ++j) {
      if (normal(j, j) <= 0) continue;
      const double next = std::max(0.0, x[j] + (right[j] - normal.row(j).dot(x)) / normal(j, j));
      change = std::max(change, std::abs(next - x[j]));
      x[j] = next;
    }
    if (change < 1e-12) break;
  }
  return x;
}

}  // namespace

std::vector<double> fit_non_negative(const std::vector<FitRow>& rows, std::size_t features) {
  const auto count = static_cast<Eigen::Index>(rows.size());
  const auto width = static_cast<Eigen::Index>(features);
  if (rows.empty()) return std::vector<double>(features, 0.0);
  // Rows as fractions of the measured value, columns scaled to unit length.
  Eigen::MatrixXd relative(count, width);
  Eigen::VectorXd base_weight(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const FitRow& row = rows[static_cast<std::size_t>(i)];
    base_weight[i] = row.weight;
    for (Eigen::Index j = 0; j < width; ++j)
      relative(i, j) = row.features[static_cast<std::size_t>(j)] / row.measured;
  }
  Eigen::VectorXd scale = relative.colwise().norm();
  for (Eigen::Index j = 0; j < width; ++j)
    if (scale[j] > 0) relative.col(j) /= scale[j];

  Eigen::VectorXd x = Eigen::VectorXd::Zero(width);
  Eigen::VectorXd weight = base_weight;
  for (int round = 0; round < kReweightings; ++round) {
    const Eigen::MatrixXd weighted = weight.asDiagonal() * relative;
    x = descend(relative.transpose() * weighted, weighted.colwise().sum().transpose(), x);
    const Eigen::VectorXd error = (relative * x - Eigen::VectorXd::Ones(count)).cwiseAbs();
    weight = base_weight.cwiseQuotient(error.cwiseMax(kErrorFloor));
  }
  std::vector<double> result(features);
  for (Eigen::Index j = 0; j < width; ++j)
    result[static_cast<std::size_t>(j)] = scale[j] > 0 ? x[j] / scale[j] : 0.0;
  return result;
}

}  // namespace spotmix::accuracy
