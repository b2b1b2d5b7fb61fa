// The inside of a MatmulModel, shared by the files that make, fit and evaluate it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/kernels/interpolation.h"
#include "models/kernels/matmul.h"
#include "models/kernels/matmul_views.h"

namespace spotmix::models {

/// Precisions that share tensor cores and element size share one residual.
bool same_precision_class(Precision a, Precision b);

struct MatmulModel::Data {
  struct Group {
    Provenance provenance;
    Precision precision = Precision::fp32;
    RooflineParameters tiled;
    PlainRooflineParameters plain;
    /// Set when all samples share it: the group then knows nothing about layouts and answers for each alike.
    std::optional<MatrixLayout> only_layout;
  };
  std::string device;
  DeviceLimits limits;
  Precision precision = Precision::fp32;  ///< Of the answers.
  std::vector<Group> groups;
  ResidualField tiled{kMatmulCoordinates};
  ResidualField plain{kMatmulCoordinates};
  std::size_t single = 0;   ///< Group that answers for batch 1.
  std::size_t batched = 0;  ///< Group that answers for larger batches.
  std::string scaled_from;  ///< The device that the samples are of, where it is another; else empty.
  /// Median |error| to expect between the samples, or seen when scaling between such devices; a fraction.
  std::optional<double> error;

  bool scaled() const { return !scaled_from.empty(); }
};

}  // namespace spotmix::models
