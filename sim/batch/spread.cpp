#include "sim/batch/spread.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace spotmix::sim {
namespace {

using Column = std::vector<double>;

/// Below so many replications the shares of several sources are not told.
constexpr std::size_t kFewest = 20;
/// From so many on the effect of a draw may be curved.
constexpr std::size_t kEnoughForCurves = 100;

double dot(const Column& a, const Column& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void subtract(Column& from, double times, const Column& column) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= times * column[i];
}

void center(Column& column) {
  double sum = 0;
  for (const double x : column) sum += x - column.front();
  const double mean = column.front() + sum / static_cast<double>(column.size());
  for (double& x : column) x -= mean;
}

/// He₁ … He₃ of the draws, as many as `degree`.
std::vector<Column> hermite(const Column& draws, int degree) {
  std::vector<Column> columns(static_cast<std::size_t>(degree), draws);
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double z = draws[i];
    if (degree > 1) columns[1][i] = z * z - 1;
    if (degree > 2) columns[2][i] = z * (z * z - 3);
  }
  return columns;
}

/// Least squares by modified Gram-Schmidt, column after column.
class Regression {
 public:
  explicit Regression(Column y) : rest_(std::move(y)) {
    center(rest_);
    total_ = dot(rest_, rest_);
  }

  double total() const { return total_; }

  /// Explains more of the rest by these columns; returns the sum of squares that they take of it.
  double explain(std::vector<Column> columns) {
    double explained = 0;
    for (Column& column : columns) {
      center(column);
      const double before = dot(column, column);
      for (const Column& known : basis_) subtract(column, dot(column, known), known);
      const double length = std::sqrt(dot(column, column));
      if (length * length <= 1e-12 * before) continue;
      for (double& x : column) x /= length;
      const double effect = dot(rest_, column);
      subtract(rest_, effect, column);
      explained += effect * effect;
      basis_.push_back(std::move(column));
    }
    return explained;
  }

  /// Variance of what is not explained.
  double noise() const {
    const auto used = static_cast<double>(basis_.size() + 1);
    return dot(rest_, rest_) / (static_cast<double>(rest_.size()) - used);
  }

 private:
  Column rest_;
  double total_ = 0;
  std::vector<Column> basis_;  ///< Orthonormal.
};

bool constant(const Column& values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
}

/// Where only one source can make replications differ, it has all of the variance.
std::optional<SpreadShares> of_one_source(const Chance& chance) {
  const int sources = (chance.market ? 1 : 0) + (chance.step_time ? 1 : 0) + (chance.convergence ? 1 : 0);
  if (sources != 1) return std::nullopt;
  return SpreadShares{chance.market ? 1.0 : 0.0, chance.step_time ? 1.0 : 0.0,
                      chance.convergence ? 1.0 : 0.0};
}

}  // namespace

std::optional<SpreadShares> spread_shares(const SpreadSample& sample, const Chance& chance) {
  const std::size_t n = sample.logarithms.size();
  if (n == 0 || constant(sample.logarithms)) return std::nullopt;
  if (const auto whole = of_one_source(chance)) return whole;
  if (n < kFewest) return std::nullopt;
  const int degree = n < kEnoughForCurves ? 1 : 3;
  Regression regression(sample.logarithms);
  const auto explained = [&](bool varies, const Column& draws) {
    assert(!varies || draws.size() == n);
    return varies ? regression.explain(hermite(draws, degree)) : 0;
  };
  double by_step = explained(chance.step_time, sample.step_errors);
  for (const Column& draws : sample.other_step_errors) by_step += explained(chance.step_time, draws);
  const double by_convergence = explained(chance.convergence, sample.convergence);
  const double by_chance = degree * regression.noise();
  SpreadShares shares;
  const auto streams = static_cast<double>(1 + sample.other_step_errors.size());
  shares.step_time = std::max(0.0, by_step - streams * by_chance);
  shares.convergence = std::max(0.0, by_convergence - by_chance);
  if (chance.market)
    shares.market = std::max(0.0, regression.total() - shares.step_time - shares.convergence);
  const double sum = shares.market + shares.step_time + shares.convergence;
  if (sum == 0) return std::nullopt;
  shares.market /= sum;
  shares.step_time /= sum;
  shares.convergence /= sum;
  return shares;
}

}  // namespace spotmix::sim
