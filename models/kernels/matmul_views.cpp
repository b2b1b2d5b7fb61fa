#include "models/kernels/matmul_views.h"

#include <algorithm>
#include <cmath>

namespace spotmix::models {
namespace {

// Length scales in powers of two. Those of the tiled view maximise the samples' likelihood over the five
// devices of the aiconfigurator table, batch and layout by cross-validation (docs/fitted_constants.md).
namespace tiled {
constexpr double kM = 3.5;
constexpr double kN = 3.8;
constexpr double kK = 4.0;
constexpr double kOdd = 7.0;
constexpr double kWave = 1.45;
constexpr double kTime = 4.7;
constexpr double kMemory = 1.4;
constexpr double kSmallTile = 2.0;
constexpr double kLargeTile = 3.0;
}  // namespace tiled
namespace plain {
constexpr double kM = 3.5;
constexpr double kN = 4.5;
constexpr double kK = 3.5;
constexpr double kOdd = 4.0;
constexpr double kWave = 3.0;
constexpr double kSmallTile = 1.0;
constexpr double kLargeTile = 3.0;
}  // namespace plain
constexpr double kBatch = 4.8;
constexpr double kTransposed = 1.0;

/// Tile heights that libraries use widely; a product that does not fill its last tile leaves part of it idle.
constexpr std::int64_t kSmallTileRows = 64;
constexpr std::int64_t kLargeTileRows = 128;
/// Below 1/8 of the time the memory traffic no longer matters.
constexpr double kLeastMemoryShare = -3.0;

double log2_of(std::int64_t value) {
  return std::log2(static_cast<double>(value));
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
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
  const double memory_share = std::log2(roofline.memory_s / roofline.time_s);
  return {roofline.time_s,
          {log2_of(s.m) / tiled::kM, log2_of(s.n) / tiled::kN, log2_of(s.k) / tiled::kK,
           log2_of(s.batch) / kBatch, static_cast<double>(s.m % 2) / tiled::kOdd,
           std::log2(std::max(1.0, roofline.wave_quantum)) / tiled::kWave,
           std::log2(roofline.time_s) / tiled::kTime,
           std::clamp(memory_share, kLeastMemoryShare, 0.0) / tiled::kMemory,
           first_transposed(s.layout) / kTransposed, second_transposed(s.layout) / kTransposed,
           idle_rows(s.m, kSmallTileRows) / tiled::kSmallTile,
           idle_rows(s.m, kLargeTileRows) / tiled::kLargeTile}};
}

MatmulView plain_view(const DeviceLimits& device, const PlainRooflineParameters& parameters,
                      const MatmulShape& s, Precision precision) {
  return {
      plain_roofline_s(device, parameters, s, precision),
      {log2_of(s.m) / plain::kM, log2_of(s.n) / plain::kN, log2_of(s.k) / plain::kK,
       log2_of(s.batch) / kBatch, static_cast<double>(s.m % 2) / plain::kOdd,
       first_transposed(s.layout) / kTransposed, second_transposed(s.layout) / kTransposed,
       idle_rows(s.m, kSmallTileRows) / plain::kSmallTile, idle_rows(s.m, kLargeTileRows) / plain::kLargeTile,
       wave_quantum(device, s, 128, 128) / plain::kWave, wave_quantum(device, s, 128, 256) / plain::kWave,
       wave_quantum(device, s, 64, 64) / plain::kWave}};
}

}  // namespace spotmix::models
