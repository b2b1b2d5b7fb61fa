// A few elements of a product in fp64, to check a kernel before it is timed.
#pragma once

#include "gpu/cuda/support.h"

namespace spotmix::gpu {

/// Greatest error over elements spread over the (batched) result, in units of √k / 3, the spread of a sum of
/// k products of numbers uniform in [−1, 1). `result` is what c is stored in (fp8 products are stored as
/// bf16).
double product_error(const CudaShape& shape, CudaPrecision inputs, CudaPrecision result, const void* a,
                     const void* b, const void* c, cudaStream_t stream);

/// What a right kernel stays below: 1e-3 for fp32, 2e-3 for tf32 (10 bits of input), 1e-2 for 16-bit results,
/// 3e-2 for fp8, which accumulates in fewer bits.
double error_bound(CudaPrecision precision);

}  // namespace spotmix::gpu
