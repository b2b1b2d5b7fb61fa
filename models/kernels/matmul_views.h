// Two ways of looking at a matrix product. Each gives a physical time and the coordinates in which the rest
// of the measured time is interpolated; the model takes the geometric mean of the two predictions.
//
// Tiled: the roofline over tiles and waves (roofline.h). Plain: launch + max(FLOP ÷ rate, bytes ÷ bandwidth)
// with the shares that the tiled formula was fitted to, leaving tiles and waves to the interpolation. The two
// err differently, so their mean errs less than either: in cross-validation over the published tables by 4 to
// 15 % of the error.
#pragma once

#include <array>
#include <cstddef>

#include "models/kernels/profile.h"

namespace spotmix::models {

inline constexpr std::size_t kMatmulCoordinates = 12;
using MatmulCoordinates = std::array<double, kMatmulCoordinates>;

struct MatmulView {
  double time_s = 0;
  MatmulCoordinates coordinates{};  ///< In length scales.
};

/// log₂ m, n, k, batch, odd m, wave quantum, time, memory share, both layouts, idle rows of small and large
/// tiles.
MatmulView tiled_view(const DeviceLimits& device, const RooflineParameters& parameters,
                      const MatmulShape& shape, Precision precision);

/// log₂ m, n, k, batch, odd m, both layouts, idle rows of small and large tiles, wave quanta of three tile
/// sizes.
MatmulView plain_view(const DeviceLimits& device, const PlainRooflineParameters& parameters,
                      const MatmulShape& shape, Precision precision);

}  // namespace spotmix::models
