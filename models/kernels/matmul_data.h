// The inside of a MatmulModel, shared by the files that make, fit and evaluate it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/kernels/interpolation.h"
#include "models/kernels/matmul.h"

namespace spotmix::models {

/// log₂ m, n, k, batch, odd m, log₂ wave quantum, log₂ time, log₂ memory share, first and second matrix
/// transposed.
inline constexpr std::size_t kMatmulCoordinates = 10;
using MatmulCoordinates = std::array<double, kMatmulCoordinates>;

/// Weight of another library's samples on the same device and precision class.
inline constexpr double kLibraryCoupling = 0.7;
/// Variance of one sample's noise as a share of the residual's.
inline constexpr double kMatmulNoise = 0.1;

/// Where a shape lies for the interpolation, in length scales.
MatmulCoordinates matmul_coordinates(const MatmulShape& shape, const RooflineTime& roofline);

/// Precisions that share tensor cores and element size share one residual.
bool same_precision_class(Precision a, Precision b);

struct MatmulModel::Data {
  struct Group {
    Provenance provenance;
    Precision precision = Precision::fp32;
    RooflineParameters roofline;
    /// Set when all samples share it: the group then knows nothing about layouts and answers for each alike.
    std::optional<MatrixLayout> only_layout;
  };
  std::string device;
  DeviceLimits limits;
  Precision precision = Precision::fp32;  ///< Of the answers.
  std::vector<Group> groups;
  ResidualField residual{kMatmulCoordinates};
  std::size_t single = 0;   ///< Group that answers for batch 1.
  std::size_t batched = 0;  ///< Group that answers for larger batches.
  bool scaled = false;
};

}  // namespace spotmix::models
