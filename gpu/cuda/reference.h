// Elements of a product in fp64, to check a kernel before it is timed.
#pragma once

#include "gpu/cuda/support.h"

namespace spotmix::gpu {

class ProductCheck {
 public:
  /// Looks at `most` elements, spread over the (batched) result, corners included; at all where it has fewer.
  explicit ProductCheck(std::size_t most);

  /// Greatest |error| ÷ max(|sum|, √k / 3) of the elements looked at: relative, but not to less than the
  /// spread of a sum of k products of numbers uniform in [−1, 1). Infinite where a result is no number.
  /// `result` is what c is stored in (fp8 products are stored as bf16).
  double error(const CudaShape& shape, CudaPrecision inputs, CudaPrecision result, const void* a,
               const void* b, const void* c, cudaStream_t stream);

 private:
  template <typename In, typename Out>
  double worst(const CudaShape& shape, const void* a, const void* b, const void* c, cudaStream_t stream);

  std::size_t most_;
  DeviceMemory errors_;
};

/// What a right kernel stays below: 1e-3 for fp32, 5e-3 for tf32 (10 bits of each input), 1e-2 for 16-bit
/// results, 5e-2 for fp8, which accumulates in fewer bits.
double error_bound(CudaPrecision precision);

}  // namespace spotmix::gpu
