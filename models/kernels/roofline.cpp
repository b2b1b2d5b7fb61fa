#include "models/kernels/roofline.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/units/prefixes.h"
#include "models/kernels/profile.h"

namespace spotmix::models {
namespace {

struct Tile {
  std::int64_t m, n;
};

constexpr std::array kTiles{Tile{256, 128}, Tile{128, 256}, Tile{128, 128}, Tile{128, 64},
                            Tile{64, 128},  Tile{64, 64},   Tile{256, 64},  Tile{64, 256},
                            Tile{32, 64},   Tile{64, 32},   Tile{32, 128},  Tile{16, 64}};
constexpr std::array<std::int64_t, 5> kSlices{1, 2, 4, 8, 16};
constexpr std::int64_t kSmallestSlice = 128;  ///< Libraries do not cut k finer than this.
constexpr std::int64_t kDepthStep = 64;       ///< k advances in steps of this many elements.
/// FLOP per cache byte of a 128 × 128 tile of 2-byte elements: 2·128·128 ÷ ((128 + 128)·2), twice over
/// because the operands of the next step are fetched meanwhile.
constexpr double kBalancedFlopPerByte = 128.0;
/// Adding up slices reads 4-byte partial results at about this multiple of the memory's rate (they stay in
/// cache).
constexpr double kPartialResultSpeedup = 3.0;

double stored_result_bytes(Precision precision) {
  return precision == Precision::fp8 ? 2.0 : element_bytes(precision);
}

}  // namespace

double matmul_flop(const MatmulShape& s) {
  return 2.0 * static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k) *
         static_cast<double>(s.batch);
}

double matmul_bytes(const MatmulShape& s, Precision precision) {
  const auto m = static_cast<double>(s.m);
  const auto n = static_cast<double>(s.n);
  const auto k = static_cast<double>(s.k);
  return static_cast<double>(s.batch) *
         ((m * k + k * n) * element_bytes(precision) + m * n * stored_result_bytes(precision));
}

double matmul_limit_s(const DeviceLimits& device, const MatmulShape& shape, Precision precision) {
  assert(device.peak_flop_per_s[static_cast<std::size_t>(precision)]);
  const double peak = device.peak_flop_per_s[static_cast<std::size_t>(precision)].value();
  return std::max(matmul_flop(shape) / peak, matmul_bytes(shape, precision) / device.memory_bytes_per_s);
}

double plain_roofline_s(const DeviceLimits& device, const PlainRooflineParameters& parameters,
                        const MatmulShape& shape, Precision precision) {
  const double peak = device.peak_flop_per_s[static_cast<std::size_t>(precision)].value();
  return parameters.launch_s +
         std::max(matmul_flop(shape) / (parameters.compute_share * peak),
                  matmul_bytes(shape, precision) / (parameters.bandwidth_share * device.memory_bytes_per_s));
}

RooflineTime roofline_time(const DeviceLimits& device, const RooflineParameters& parameters,
                           const MatmulShape& shape, Precision precision) {
  assert(shape.m > 0 && shape.n > 0 && shape.k > 0 && shape.batch > 0);
  assert(device.peak_flop_per_s[static_cast<std::size_t>(precision)]);
  const double element = element_bytes(precision);
  const double peak = device.peak_flop_per_s[static_cast<std::size_t>(precision)].value();
  const double processors = device.multiprocessors;
  const double flop_per_s = parameters.compute_share * peak / processors;
  const double cache_bytes_per_s = parameters.cache_balance * flop_per_s / kBalancedFlopPerByte;
  const double memory_s =
      matmul_bytes(shape, precision) / (parameters.bandwidth_share * device.memory_bytes_per_s);
  const double partial_pass_s = 8.0 * static_cast<double>(shape.batch) * static_cast<double>(shape.m) *
                                static_cast<double>(shape.n) /
                                (kPartialResultSpeedup * device.memory_bytes_per_s);

  RooflineTime best{std::numeric_limits<double>::infinity(), memory_s, 1.0};
  for (const auto [tile_m, tile_n] : kTiles) {
    const double tiles = static_cast<double>(ceil_div(shape.m, tile_m)) *
                         static_cast<double>(ceil_div(shape.n, tile_n)) * static_cast<double>(shape.batch);
    for (const std::int64_t slices : kSlices) {
      if (slices > 1 && shape.k < slices * kSmallestSlice) break;
      const auto depth = static_cast<double>(ceil_div(ceil_div(shape.k, slices), kDepthStep) * kDepthStep);
      const double waves = tiles * static_cast<double>(slices) / processors;
      const double whole_waves = std::ceil(waves);
      const double tile_s =
          std::max(2.0 * static_cast<double>(tile_m * tile_n) * depth / flop_per_s,
                   static_cast<double>(tile_m + tile_n) * depth * element / cache_bytes_per_s) +
          parameters.per_tile_s;
      const double slicing_s =
          slices == 1 ? 0.0 : parameters.slicing_s + partial_pass_s * static_cast<double>(slices);
      const double time_s = std::max(whole_waves * tile_s, memory_s) + slicing_s;
      if (time_s < best.time_s) best = {time_s, memory_s, whole_waves / waves};
    }
  }
  best.time_s += parameters.launch_s;
  return best;
}

}  // namespace spotmix::models
