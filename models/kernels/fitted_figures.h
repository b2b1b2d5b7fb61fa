// The numbers by which kernels are interpolated and scaled: models/kernels/fitted_figures.json.
#pragma once

#include <vector>

#include "models/kernels/roofline.h"

namespace spotmix::models {

/// Length scales of a view of matrix products, in octaves.
struct ViewScales {
  double m = 0, n = 0, k = 0, odd = 0, wave = 0;
  double time = 0, memory = 0;  ///< Of the tiled view alone.
  double small_tile = 0, large_tile = 0;
  double noise = 0;  ///< Variance of one sample's noise as a share of the residual's.
};

struct StreamScales {
  double rows = 0, columns = 0, bytes = 0;
};

struct AttentionScales {
  double heads = 0, length = 0, group = 0, width = 0, time = 0, batch = 0;
};

struct KernelFigures {
  ViewScales tiled;
  ViewScales plain;
  double batch = 0;
  double transposed = 0;
  double library_coupling =
      0;  ///< Weight of another library's samples on the same device and precision class.
  double doubtful_deviations = 0;  ///< A sample is doubtful whose left-out residual lies this far away.
  int reweightings = 0;
  std::vector<RooflineParameters> tiled_starts;  ///< The formula has several valleys: a start in each.
  StreamScales stream;
  AttentionScales attention;
  double memory_op_noise = 0;
  double same_generation_error = 0;  ///< Median |error| of times scaled from one device to another.
  double next_generation_error = 0;
  double power_limited_error = 0;
};

const KernelFigures& kernel_figures();

}  // namespace spotmix::models
