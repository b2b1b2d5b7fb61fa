#include "models/kernels/matmul_views.h"

#include <algorithm>
#include <cmath>

#include "base/units/prefixes.h"
#include "models/kernels/fitted_figures.h"

namespace spotmix::models {
namespace {

/// Tile heights that libraries use widely; a product that does not fill its last tile leaves part of it idle.
constexpr std::int64_t kSmallTileRows = 64;
constexpr std::int64_t kLargeTileRows = 128;
/// Below 1/8 of the time the memory traffic no longer matters.
constexpr double kLeastMemoryShare = -3.0;

double log2_of(std::int64_t value) {
  return std::log2(static_cast<double>(value));
}

/// log₂ of `rows` rounded up to whole tiles over `rows`.
double idle_rows(std::int64_t rows, std::int64_t tile) {
  return std::log2(static_cast<double>(ceil_div(rows, tile) * tile) / static_cast<double>(rows));
}

/// log₂ of whole waves over waves when the result is cut into tiles of that size.
double wave_quantum(const DeviceLimits& device, const MatmulShape& s, std::int64_t tile_m,
                    std::int64_t tile_n) {
  const auto tiles = static_cast<double>(ceil_div(s.m, tile_m) * ceil_div(s.n, tile_n) * s.batch);
  const double waves = tiles / static_cast<double>(device.multiprocessors);
  return std::log2(std::ceil(waves) / waves);
}

double first_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::tn || layout == MatrixLayout::tt ? 1.0 : 0.0;
}
double second_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::nt || layout == MatrixLayout::tt ? 1.0 : 0.0;
}

}  // namespace

MatmulView tiled_view(const DeviceLimits& device, const RooflineParameters& parameters, const MatmulShape& s,
                      Precision precision) {
  const RooflineTime roofline = roofline_time(device, parameters, s, precision);
  const KernelFigures& fitted = kernel_figures();
  const ViewScales& scale = fitted.tiled;
  const double memory_share = std::log2(roofline.memory_s / roofline.time_s);
  return {
      roofline.time_s,
      {log2_of(s.m) / scale.m, log2_of(s.n) / scale.n, log2_of(s.k) / scale.k,
       log2_of(s.batch) / fitted.batch, static_cast<double>(s.m % 2) / scale.odd,
       std::log2(std::max(1.0, roofline.wave_quantum)) / scale.wave, std::log2(roofline.time_s) / scale.time,
       std::clamp(memory_share, kLeastMemoryShare, 0.0) / scale.memory,
       first_transposed(s.layout) / fitted.transposed, second_transposed(s.layout) / fitted.transposed,
       idle_rows(s.m, kSmallTileRows) / scale.small_tile, idle_rows(s.m, kLargeTileRows) / scale.large_tile}};
}

MatmulView plain_view(const DeviceLimits& device, const PlainRooflineParameters& parameters,
                      const MatmulShape& s, Precision precision) {
  const KernelFigures& fitted = kernel_figures();
  const ViewScales& scale = fitted.plain;
  return {plain_roofline_s(device, parameters, s, precision),
          {log2_of(s.m) / scale.m, log2_of(s.n) / scale.n, log2_of(s.k) / scale.k,
           log2_of(s.batch) / fitted.batch, static_cast<double>(s.m % 2) / scale.odd,
           first_transposed(s.layout) / fitted.transposed, second_transposed(s.layout) / fitted.transposed,
           idle_rows(s.m, kSmallTileRows) / scale.small_tile,
           idle_rows(s.m, kLargeTileRows) / scale.large_tile, wave_quantum(device, s, 128, 128) / scale.wave,
           wave_quantum(device, s, 128, 256) / scale.wave, wave_quantum(device, s, 64, 64) / scale.wave}};
}

}  // namespace spotmix::models
