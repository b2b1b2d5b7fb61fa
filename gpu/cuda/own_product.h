// Our own bf16 products on tensor cores: c (m × n) = a (m × k) · bᵀ, b stored n × k, all by rows.
//
// Two kernels. Any device of compute capability 8.0 and later runs the one with mma.sync
// (mma_sync_product.cu); Hopper also has its own instructions, wgmma, and a copy engine for tiles
// (hopper_product.cu).
#pragma once

#include <cuda_bf16.h>

#include "gpu/cuda/support.h"

namespace spotmix::gpu {

struct ProductOperands {
  const __nv_bfloat16* a;
  const __nv_bfloat16* b;
  __nv_bfloat16* c;
  int m, n, k;
};

/// Sizes must be multiples of 128, 256 and 32.
void launch_mma_sync_product(const ProductOperands& operands, cudaStream_t stream);

/// Sizes must be multiples of 128, 256 and 64, pointers of 16 bytes. Throws std::runtime_error where the
/// driver cannot describe the matrices to the copy engine. A launch that waits for data longer than two
/// seconds ends in a launch failure, after which the process can do nothing more on the device.
void launch_hopper_product(const ProductOperands& operands, cudaStream_t stream);

/// Compute capability 9.0, whose instructions later devices do not have.
bool runs_hopper_product(int major, int minor);

}  // namespace spotmix::gpu
