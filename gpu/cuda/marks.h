// What a measured GPU is judged by, in lines that people and gpu/device-check read.
#pragma once

#include <string>
#include <vector>

#include "gpu/cuda/interface.h"

namespace spotmix::gpu {

/// "mark NAME: pass: …", "… miss: …" or "… unmeasured", one line for each of: our own product's share of
/// cuBLASLt's speed (at least 70 %; the best of our kernels), two-shot AllReduce's share of the copy
/// bandwidth (at least 85 %; 8 virtual ranks, 256 MiB each, read and written bytes by the formula in
/// all_reduce.cu), errors against fp64 (at most 1e-3 in fp32, 1e-2 in bf16). Before them the fastest bf16
/// product, which gpu/device-check compares with a framework's: "mark fastest bf16 product: 791.2 TFLOP/s at
/// …".
std::vector<std::string> mark_lines(const CudaResult& result);

}  // namespace spotmix::gpu
