#include <algorithm>
#include <cmath>
#include <limits>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include "gpu/cuda/reference.h"

namespace spotmix::gpu {
namespace {

constexpr int kChecks = 64;
constexpr int kThreads = 128;

struct Places {
  std::int64_t at[kChecks];
};

/// One block per checked element: the sum over k in fp64, and what the kernel under test stored.
template <typename In, typename Out>
__global__ void compare(CudaShape s, const In* a, const In* b, const Out* c, Places places, double* errors) {
  __shared__ double sums[kThreads];
  const std::int64_t at = places.at[blockIdx.x];
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
  if (threadIdx.x == 0) errors[blockIdx.x] = fabs(static_cast<double>(static_cast<float>(c[at])) - sums[0]);
}

template <typename In, typename Out>
double worst(const CudaShape& shape, const void* a, const void* b, const void* c, cudaStream_t stream) {
  const DeviceMemory errors(kChecks * sizeof(double));
  Places places{};
  const std::int64_t results = shape.batch * shape.m * shape.n;
  for (int i = 0; i < kChecks; ++i) places.at[i] = (results - 1) / (kChecks - 1) * i;
  places.at[kChecks - 1] = results - 1;
  compare<<<kChecks, kThreads, 0, stream>>>(shape, static_cast<const In*>(a), static_cast<const In*>(b),
                                            static_cast<const Out*>(c), places, errors.as<double>());
  require(cudaGetLastError(), "checking a product");
  double found[kChecks];
  require(cudaMemcpyAsync(found, errors.as<void>(), sizeof found, cudaMemcpyDeviceToHost, stream),
          "reading errors");
  require(cudaStreamSynchronize(stream), "checking a product");
  double greatest = 0;
  for (const double error : found)
    greatest = std::isfinite(error) ? std::max(greatest, error) : std::numeric_limits<double>::infinity();
  return greatest / (std::sqrt(static_cast<double>(shape.k)) / 3);
}

}  // namespace

double product_error(const CudaShape& shape, CudaPrecision inputs, CudaPrecision result, const void* a,
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
  constexpr double kBounds[kCudaPrecisions] = {1e-3, 2e-3, 1e-2, 1e-2, 3e-2};
  return kBounds[static_cast<int>(precision)];
}

}  // namespace spotmix::gpu
