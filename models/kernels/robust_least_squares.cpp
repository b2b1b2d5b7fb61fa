#include "models/kernels/robust_least_squares.h"

#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace spotmix::models {
namespace {

using Residuals = std::function<void(std::span<const double>, std::span<double>)>;

class Problem {
 public:
  Problem(const Residuals& residuals, std::size_t count, std::span<const double> centre,
          const RobustLeastSquares& options)
      : residuals_(residuals), count_(count), centre_(centre), options_(options) {}

  /// The samples' residuals, then the pull of each parameter.
  Eigen::VectorXd operator()(const Eigen::VectorXd& p) const {
    Eigen::VectorXd r(static_cast<Eigen::Index>(count_) + p.size());
    residuals_({p.data(), static_cast<std::size_t>(p.size())}, {r.data(), count_});
    for (Eigen::Index i = 0; i < p.size(); ++i) {
      r[static_cast<Eigen::Index>(count_) + i] =
          options_.pull * (p[i] - centre_[static_cast<std::size_t>(i)]);
    }
    return r;
  }

  double loss(const Eigen::VectorXd& r) const {
    const double c2 = options_.soft_from * options_.soft_from;
    double sum = r.tail(r.size() - sample_rows()).squaredNorm();
    for (Eigen::Index i = 0; i < sample_rows(); ++i)
      sum += 2.0 * c2 * (std::sqrt(1.0 + r[i] * r[i] / c2) - 1.0);
    return sum;
  }

  /// ρ′ of each row: what a residual still counts.
  Eigen::VectorXd row_weights(const Eigen::VectorXd& r) const {
    const double c2 = options_.soft_from * options_.soft_from;
    Eigen::VectorXd weights = Eigen::VectorXd::Ones(r.size());
    for (Eigen::Index i = 0; i < sample_rows(); ++i) weights[i] = 1.0 / std::sqrt(1.0 + r[i] * r[i] / c2);
    return weights;
  }

  Eigen::MatrixXd jacobian(const Eigen::VectorXd& p) const {
    Eigen::MatrixXd j(static_cast<Eigen::Index>(count_) + p.size(), p.size());
    for (Eigen::Index i = 0; i < p.size(); ++i) {
      Eigen::VectorXd up = p;
      Eigen::VectorXd down = p;
      up[i] += options_.step;
      down[i] -= options_.step;
      j.col(i) = ((*this)(up) - (*this)(down)) / (2.0 * options_.step);
    }
    return j;
  }

 private:
  Eigen::Index sample_rows() const { return static_cast<Eigen::Index>(count_); }

  const Residuals& residuals_;
  std::size_t count_;
  std::span<const double> centre_;
  const RobustLeastSquares& options_;
};

}  // namespace

std::vector<double> robust_least_squares(const Residuals& residuals, std::size_t count,
                                         std::span<const double> start, std::span<const double> centre,
                                         const RobustLeastSquares& options) {
  const Problem problem(residuals, count, centre, options);
  Eigen::VectorXd p =
      Eigen::Map<const Eigen::VectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
  Eigen::VectorXd r = problem(p);
  double loss = problem.loss(r);
  double damping = 1e-2;
  for (int iteration = 0; iteration < options.iterations && damping < 1e8; ++iteration) {
    const Eigen::MatrixXd j = problem.jacobian(p);
    const Eigen::VectorXd weights = problem.row_weights(r);
    const Eigen::MatrixXd normal = j.transpose() * weights.asDiagonal() * j;
    const Eigen::VectorXd gradient = j.transpose() * weights.cwiseProduct(r);
    double gain = 0.0;
    while (damping < 1e8 && gain <= 0.0) {
      Eigen::MatrixXd damped = normal;
      damped.diagonal() += damping * (normal.diagonal().array() + 1e-9).matrix();
      const Eigen::VectorXd candidate = p - damped.ldlt().solve(gradient);
      const Eigen::VectorXd candidate_residuals = problem(candidate);
      const double candidate_loss = problem.loss(candidate_residuals);
      if (!(candidate_loss < loss)) {
        damping *= 4.0;
        continue;
      }
      gain = loss - candidate_loss;
      p = candidate;
      r = candidate_residuals;
      loss = candidate_loss;
    }
    damping = std::max(damping / 9.0, 1e-9);
    if (gain < 1e-7 * loss) break;
  }
  return {p.begin(), p.end()};
}

}  // namespace spotmix::models
