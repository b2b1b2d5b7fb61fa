// The physical part of a matrix product's time: a roofline over tiles and waves.
//
// A library cuts the m × n result into tiles of a fixed size, and k into 1 to 16 slices. One tile occupies
// one multiprocessor; tiles run in whole waves over all multiprocessors. A tile takes the longer of its
// arithmetic and its traffic through the cache, plus a fixed cost; the whole product takes at least its
// memory traffic; slices cost one more pass over the partial results. The library is taken to choose the best
// tile and slicing.
//   tile    = max(2·bm·bn·k′ / (efficiency · peak / P), (bm + bn)·k′·element / cache rate) + per tile
//   product = launch + min over tiles and slices of max(⌈tiles·slices / P⌉ · tile, bytes / bandwidth) +
//   slicing
// P is the number of multiprocessors. Tile sizes are those that cuBLAS and CUTLASS name in their kernels.
#pragma once

#include "models/hardware/device.h"

namespace spotmix::models {

struct DeviceLimits;
struct MatmulShape;

/// Fitted per group of samples; the shares are of the device's published figures, so they carry over to
/// another device.
struct RooflineParameters {
  double compute_share = 0.8;     ///< Of the peak, inside a tile.
  double bandwidth_share = 0.85;  ///< Of the memory's rate.
  double launch_s = 2e-6;
  double cache_balance =
      1.0;  ///< Cache traffic allowed per FLOP: 1 keeps a 128 × 128 tile of 2-byte elements balanced.
  double per_tile_s = 0.7e-6;  ///< Filling and draining one tile.
  double slicing_s = 2e-6;     ///< Fixed cost of adding up slices of k.
  bool operator==(const RooflineParameters&) const = default;
};

/// The roofline without tiles: launch + max(FLOP ÷ (share · peak), bytes ÷ (share · bandwidth)).
struct PlainRooflineParameters {
  double compute_share = 0.8;
  double bandwidth_share = 0.85;
  double launch_s = 2e-6;
  bool operator==(const PlainRooflineParameters&) const = default;
};

struct RooflineTime {
  double time_s = 0;        ///< With launch.
  double memory_s = 0;      ///< Memory traffic alone at the fitted bandwidth.
  double wave_quantum = 1;  ///< Whole waves ÷ waves of the chosen tiling, ≥ 1.
};

/// Bytes that must cross the memory bus: both inputs and the result once. fp8 products write 2-byte results.
double matmul_bytes(const MatmulShape& shape, Precision precision);
double matmul_flop(const MatmulShape& shape);

/// max(FLOP ÷ peak, bytes ÷ memory rate): no product is faster. Requires a peak for `precision`.
double matmul_limit_s(const DeviceLimits& device, const MatmulShape& shape, Precision precision);

double plain_roofline_s(const DeviceLimits& device, const PlainRooflineParameters& parameters,
                        const MatmulShape& shape, Precision precision);

/// Requires positive sizes and a peak for `precision`.
RooflineTime roofline_time(const DeviceLimits& device, const RooflineParameters& parameters,
                           const MatmulShape& shape, Precision precision);

}  // namespace spotmix::models
