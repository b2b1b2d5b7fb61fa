#include "models/kernels/interpolation.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "base/statistics/quantile.h"
#include "models/kernels/fitted_figures.h"

namespace spotmix::models {
namespace {

/// Far enough that a padded point adds nothing and is never the nearest.
constexpr float kNowhere = 1e9F;
/// Standard deviations per median absolute deviation of a normal distribution.
constexpr double kDeviationPerMedian = 1.4826;

/// Four numbers that are computed side by side. Spelt out because the compiler, left to itself, computes
/// across dimensions and spends its time on shuffles.
using Lanes = float __attribute__((vector_size(16)));

inline Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

Eigen::MatrixXd kernel_matrix(const ResidualSamples& samples, double coupling) {
  const auto n = static_cast<Eigen::Index>(samples.residuals.size());
  const auto d = static_cast<Eigen::Index>(samples.dimensions);
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> x(samples.coordinates.data(), n, d);
  Eigen::MatrixXd kernel(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = j; i < n; ++i) {
      const bool same =
          samples.group[static_cast<std::size_t>(i)] == samples.group[static_cast<std::size_t>(j)];
      kernel(i, j) = (same ? 1.0 : coupling) / (1.0 + (x.row(i) - x.row(j)).squaredNorm());
      kernel(j, i) = kernel(i, j);
    }
  }
  return kernel;
}

double median_magnitude(const Eigen::VectorXd& values) {
  std::vector<double> magnitudes(values.begin(), values.end());
  for (double& value : magnitudes) value = std::abs(value);
  return upper_median(std::move(magnitudes));
}

struct Solution {
  Eigen::VectorXd weights;
  Eigen::VectorXd left_out;  ///< wᵢ ÷ (K + noise)⁻¹ᵢᵢ, Rasmussen & Williams eq. 5.12.
};

Solution solve(Eigen::MatrixXd kernel, const Eigen::VectorXd& noise, const Eigen::VectorXd& residuals) {
  kernel.diagonal() += noise;
  const Eigen::LLT<Eigen::MatrixXd> factor(kernel);
  // The diagonal of the inverse is the squared column norms of the factor's inverse.
  Eigen::MatrixXd inverse_factor = Eigen::MatrixXd::Identity(kernel.rows(), kernel.cols());
  factor.matrixL().solveInPlace(inverse_factor);
  Solution solution;
  solution.weights = factor.solve(residuals);
  solution.left_out = solution.weights.array() / inverse_factor.colwise().squaredNorm().transpose().array();
  return solution;
}

}  // namespace

void ResidualField::add_group(std::span<const double> coordinates, std::span<const double> weights) {
  Group group;
  const std::size_t blocks = (weights.size() + kBlock - 1) / kBlock;
  group.weights.assign(blocks * kBlock, 0.0F);
  group.coordinates.assign(blocks * kBlock * dimensions_, kNowhere);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    group.weights[i] = static_cast<float>(weights[i]);
    for (std::size_t d = 0; d < dimensions_; ++d) {
      group.coordinates[(i / kBlock * dimensions_ + d) * kBlock + i % kBlock] =
          static_cast<float>(coordinates[i * dimensions_ + d]);
    }
  }
  groups_.push_back(std::move(group));
}

ResidualField::Value ResidualField::at(std::span<const double> point, std::size_t asked,
                                       double coupling) const {
  std::vector<float> at(point.begin(), point.end());
  Value value{0.0, std::numeric_limits<double>::infinity()};
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    Lanes sum{};
    Lanes nearest = Lanes{} + std::numeric_limits<float>::infinity();
    const float* x = group.coordinates.data();
    for (std::size_t block = 0; block < group.weights.size(); block += kBlock) {
      Lanes squared{};
      for (std::size_t d = 0; d < dimensions_; ++d, x += kBlock) {
        const Lanes difference = load(x) - at[d];
        squared += difference * difference;
      }
      sum += load(&group.weights[block]) / (1.0F + squared);
      nearest = squared < nearest ? squared : nearest;
    }
    double total = 0.0;
    float least = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < kBlock; ++i) {
      total += static_cast<double>(sum[i]);
      least = std::min(least, nearest[i]);
    }
    value.residual += g == asked ? total : coupling * total;
    if (g == asked && !group.weights.empty()) value.distance = std::sqrt(static_cast<double>(least));
  }
  return value;
}

ResidualFit fit_residual(const ResidualSamples& samples, double coupling, double noise) {
  const auto n = static_cast<Eigen::Index>(samples.residuals.size());
  if (n == 0) return {};
  const Eigen::MatrixXd kernel = kernel_matrix(samples, coupling);
  const Eigen::Map<const Eigen::VectorXd> residuals(samples.residuals.data(), n);
  Solution solution = solve(kernel, Eigen::VectorXd::Constant(n, noise), residuals);
  for (int pass = 0; pass < kernel_figures().reweightings; ++pass) {
    const double deviation = kDeviationPerMedian * median_magnitude(solution.left_out);
    if (!(deviation > 0.0)) break;
    const auto doubt = solution.left_out.array() / (kernel_figures().doubtful_deviations * deviation);
    solution = solve(kernel, noise * (1.0 + doubt.square()), residuals);
  }
  return {{solution.weights.begin(), solution.weights.end()},
          {solution.left_out.begin(), solution.left_out.end()}};
}

}  // namespace spotmix::models
