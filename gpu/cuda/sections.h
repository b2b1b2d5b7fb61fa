// The sections of the CUDA measurement; each adds its samples to the result and keeps to its time.
#pragma once

#include "gpu/cuda/support.h"

namespace spotmix::gpu {

/// Copy, read and write of arrays far beyond the L2, and the time between two empty kernels in one stream.
void measure_memory(const CudaRequest& request, CudaResult& result, double budget_s);

/// cuBLASLt's products in every precision the device has: its heuristic's first choice, and the best of
/// several algorithms. Each result is checked against fp64 before it is timed; an algorithm that computes
/// something wrong is left out and said.
void measure_products(const CudaRequest& request, CudaResult& result, double budget_s);

/// Our own tensor-core kernels at 8192³ bf16 beside cuBLASLt, in one run. Comes last: a kernel of ours that
/// fails may leave the device unusable to this process.
void measure_yardsticks(const CudaRequest& request, CudaResult& result, double budget_s);

/// Our one-shot and two-shot AllReduce over virtual ranks on this device, and over peers where there are
/// several.
void measure_all_reduce(const CudaRequest& request, CudaResult& result, double budget_s);

/// NCCL's AllReduce over all devices; opened when there are at least two.
void measure_nccl(const CudaRequest& request, CudaResult& result, double budget_s);

}  // namespace spotmix::gpu
