// Interpolation of a smooth residual over scattered samples: regression with a rational-quadratic kernel.
//
//   residual(x) = Σᵢ wᵢ · c(group, groupᵢ) / (1 + |x − xᵢ|²),   c = 1 in the same group, `coupling` otherwise
//
// Coordinates are already divided by their length scales, so distance 1 is "one length scale away". The
// weights w solve (K + noise)·w = residuals (Rasmussen & Williams, Gaussian Processes for Machine Learning,
// 2006, eq. 2.25, kernel 4.19 with α = 1 and our scaling); samples that the others contradict get more noise.
// Far from all samples the residual fades to 0 and the physical formula alone speaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace spotmix::models {

/// Points of several groups in one coordinate space, ready to be evaluated. Coordinates are stored in blocks
/// so that one loop runs over neighbouring memory; single precision is enough for a residual.
class ResidualField {
 public:
  ResidualField() = default;
  explicit ResidualField(std::size_t dimensions) : dimensions_(dimensions) {}

  /// Adds one group; `coordinates` is row-major, one row of `dimensions` per weight.
  void add_group(std::span<const double> coordinates, std::span<const double> weights);

  struct Value {
    double residual = 0;
    double distance =
        0;  ///< To the nearest sample of the asked group, in length scales; infinite without one.
  };
  /// The residual at `point` (size `dimensions`) as a member of group number `asked`.
  Value at(std::span<const double> point, std::size_t asked, double coupling) const;

  std::size_t groups() const { return groups_.size(); }

 private:
  static constexpr std::size_t kBlock = 4;
  struct Group {
    std::vector<float> coordinates;  ///< Blocks of kBlock points, within a block dimension by dimension.
    std::vector<float> weights;      ///< Padded to whole blocks with 0.
  };
  std::size_t dimensions_ = 0;
  std::vector<Group> groups_;
};

/// Samples to fit, groups one after the other.
struct ResidualSamples {
  std::size_t dimensions = 0;
  std::vector<double> coordinates;  ///< Row-major, in length scales.
  std::vector<double> residuals;
  std::vector<std::size_t> group;
};

struct ResidualFit {
  std::vector<double> weights;
  std::vector<double> left_out_residuals;  ///< Residual minus its prediction from all other samples.
};

/// Solves for the weights; O(n³) in the number of samples. `noise` is the variance of a sample's noise as a
/// share of the residual's variance.
ResidualFit fit_residual(const ResidualSamples& samples, double coupling, double noise);

}  // namespace spotmix::models
