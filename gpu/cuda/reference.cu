#include <algorithm>
#include <cmath>
#include <limits>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include "gpu/cuda/reference.h"

namespace spotmix::gpu {
namespace {

constexpr int kThreads = 128;

/// One block per checked element: the sum over k in fp64, and what the kernel under test stored. Element i of
/// `checks` is number i · (results − 1) ÷ (checks − 1).
template <typename In, typename Out>
__global__ void compare(CudaShape s, const In* a, const In* b, const Out* c, std::int64_t results,
                        double* errors) {
  __shared__ double sums[kThreads];
  const std::int64_t last = static_cast<std::int64_t>(gridDim.x) - 1;
  const std::int64_t at = last == 0 ? 0 : static_cast<std::int64_t>(blockIdx.x) * (results - 1) / last;
  const std::int64_t product = at / (s.m * s.n), row = at / s.n % s.m, column = at % s.n;
  const In* left = a + product * s.m * s.k;
  const In* right = b + product * s.k * s.n;
  double sum = 0;
  for (std::int64_t i = threadIdx.x; i < s.k; i += kThreads) {
    const In x = left[s.a_transposed ? i * s.m + row : row * s.k + i];
    const In y = right[s.b_transposed ? column * s.k + i : i * s.n + column];
    sum += static_cast<double>(static_cast<float>(x)) * static_cast<double>(static_cast<float>(y));
  }
  sums[threadIdx.x] = sum;
  __syncthreads();
  for (int half = kThreads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x != 0) return;
  const double spread = sqrt(static_cast<double>(s.k)) / 3;
  errors[blockIdx.x] =
      fabs(static_cast<double>(static_cast<float>(c[at])) - sums[0]) / fmax(fabs(sums[0]), spread);
}

}  // namespace

ProductCheck::ProductCheck(std::size_t most) : most_(most), errors_(most * sizeof(double)) {}

template <typename In, typename Out>
double ProductCheck::worst(const CudaShape& shape, const void* a, const void* b, const void* c,
                           cudaStream_t stream) {
  const std::int64_t results = shape.batch * shape.m * shape.n;
  const std::size_t checks = std::min(most_, static_cast<std::size_t>(results));
  compare<<<static_cast<unsigned>(checks), kThreads, 0, stream>>>(
      shape, static_cast<const In*>(a), static_cast<const In*>(b), static_cast<const Out*>(c), results,
      errors_.as<double>());
  require(cudaGetLastError(), "checking a product");
  std::vector<double> found(checks);
  require(cudaMemcpyAsync(found.data(), errors_.as<void>(), checks * sizeof(double), cudaMemcpyDeviceToHost,
                          stream),
          "reading errors");
  require(cudaStreamSynchronize(stream), "checking a product");
  double greatest = 0;
  for (const double error : found)
    greatest = std::isfinite(error) ? std::max(greatest, error) : std::numeric_limits<double>::infinity();
  return greatest;
}

double ProductCheck::error(const CudaShape& shape, CudaPrecision inputs, CudaPrecision result, const void* a,
                           const void* b, const void* c, cudaStream_t stream) {
  if (inputs == CudaPrecision::fp8) return worst<__nv_fp8_e4m3, __nv_bfloat16>(shape, a, b, c, stream);
  if (inputs == CudaPrecision::fp16) return worst<__half, __half>(shape, a, b, c, stream);
  if (inputs == CudaPrecision::bf16) {
    return result == CudaPrecision::fp32 ? worst<__nv_bfloat16, float>(shape, a, b, c, stream)
                                         : worst<__nv_bfloat16, __nv_bfloat16>(shape, a, b, c, stream);
  }
  return worst<float, float>(shape, a, b, c, stream);
}

double error_bound(CudaPrecision precision) {
  constexpr double kBounds[kCudaPrecisions] = {1e-3, 5e-3, 1e-2, 1e-2, 5e-2};
  return kBounds[static_cast<int>(precision)];
}

}  // namespace spotmix::gpu
