// How far a profile can be trusted: predicted against held-back samples, where it would extrapolate, and how
// two profiles differ.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/kernels/matmul.h"
#include "models/kernels/profile.h"

namespace spotmix::models {

/// One group's samples predicted by a profile that never saw their shapes.
struct HeldBack {
  Provenance provenance;
  Precision precision = Precision::fp32;
  std::size_t samples = 0;  ///< Held back.
  double median_error = 0;  ///< Of |predicted ÷ measured − 1|.
  double p90_error = 0;
  double bias = 0;  ///< Median of predicted ÷ measured − 1.
};

/// Holds back a fifth of all shapes, chosen by their sizes alone and in every group at once, fits the rest
/// from the start, and predicts the fifth. Groups with fewer than ten samples are left out. Seconds for a
/// large profile.
std::vector<HeldBack> check_held_back(const KernelProfile& profile);

/// Which matrix products of a grid, powers of four from 16 to 65536 in m, n and k, are further from all
/// samples of a precision than interpolation carries.
struct Reach {
  Precision precision = Precision::fp32;
  std::size_t shapes = 0;  ///< Of the grid.
  std::size_t extrapolated = 0;
  std::optional<MatmulShape> smallest, largest;  ///< Of those within reach, by FLOP.
};
std::vector<Reach> check_reach(const KernelProfile& profile);

/// Matrix products of one precision as two profiles give them, over the shapes that either of them has.
struct MatmulDifference {
  Precision precision = Precision::fp32;
  std::string first, second;  ///< What speaks for each, as `describe` says.
  std::size_t shapes = 0;
  double p10_ratio = 1, median_ratio = 1, p90_ratio = 1;  ///< Second's time ÷ first's.
  MatmulShape furthest;                                   ///< Where they differ most.
  double furthest_ratio = 1;
};
/// One per precision that both have.
std::vector<MatmulDifference> matmul_differences(const KernelProfile& first, const KernelProfile& second);

/// The lines of one collective over as many ranks in two profiles, which must outlive it.
struct CollectiveDifference {
  const CollectiveSamples* group = nullptr;  ///< In the first.
  const CollectiveFit* first = nullptr;
  const CollectiveFit* second = nullptr;
};
std::vector<CollectiveDifference> collective_differences(const KernelProfile& first,
                                                         const KernelProfile& second);

}  // namespace spotmix::models
