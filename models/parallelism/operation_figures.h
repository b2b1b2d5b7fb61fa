// What operations reach of a device where no kernel was measured: models/parallelism/operation_figures.json.
#pragma once

namespace spotmix::models {

struct OperationFigures {
  // Shares of the memory's bandwidth, once the work is large.
  double elementwise_share = 0;
  double reducing_share = 0;
  double lookup_share = 0;
  double update_share = 0;            ///< Of the optimizer.
  double kernel_s = 0;                ///< Fixed time of a memory-bound kernel, in seconds.
  double attention_share = 0;         ///< Of the peak, by fused attention over long sequences.
  double attention_half_queries = 0;  ///< At which fused attention reaches half of that.
  /// Of Winograd convolutions on vector units, which tensor cores do not use and Kepler's libraries lack.
  double winograd_gain = 0;
  double tile_share = 0;  ///< Of the peak, inside a convolution's tile (models/kernels/roofline.h).
};

const OperationFigures& operation_figures();

}  // namespace spotmix::models
