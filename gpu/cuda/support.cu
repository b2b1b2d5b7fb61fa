#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include "gpu/cuda/support.h"

namespace spotmix::gpu {
namespace {

/// The finalizer of MurmurHash3 over the element's number and the seed.
__device__ float uniform(std::size_t i, unsigned seed) {
  unsigned h = static_cast<unsigned>(i) * 0x9e3779b1u + static_cast<unsigned>(i >> 32) * 0x85ebca6bu +
               seed * 0xc2b2ae3du + 1u;
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return static_cast<float>(static_cast<int>(h ^ (h >> 16))) * 4.6566128730773926e-10f;  // 2^-31
}

template <typename T>
__global__ void fill(T* data, std::size_t count, unsigned seed) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride)
    data[i] = static_cast<T>(uniform(i, seed));
}

template <typename T>
void launch_fill(void* data, std::size_t count, cudaStream_t stream, unsigned seed) {
  fill<<<1024, 256, 0, stream>>>(static_cast<T*>(data), count, seed);
  require(cudaGetLastError(), "filling with random numbers");
}

__global__ void read_through(const float4* data, std::size_t count, float* sink) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  float sum = 0;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride) {
    const float4 value = data[i];
    sum += value.x + value.y + value.z + value.w;
  }
  if (sum == 1.2345e30f) *sink = sum;  // never: keeps the reads
}

/// A captured graph, ready to be launched.
class Replay {
 public:
  Replay(cudaStream_t stream, int runs, const std::function<void(cudaStream_t)>& enqueue) {
    require(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
    try {
      for (int run = 0; run < runs; ++run) enqueue(stream);
    } catch (...) {
      cudaStreamEndCapture(stream, &graph_);
      throw;
    }
    require(cudaStreamEndCapture(stream, &graph_), "cudaStreamEndCapture");
    require(cudaGraphInstantiate(&executable_, graph_, 0), "cudaGraphInstantiate");
  }
  ~Replay() {
    cudaGraphExecDestroy(executable_);
    cudaGraphDestroy(graph_);
  }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  double seconds(cudaStream_t stream, const Event& start, const Event& stop) const {
    require(cudaEventRecord(start, stream), "cudaEventRecord");
    require(cudaGraphLaunch(executable_, stream), "cudaGraphLaunch");
    require(cudaEventRecord(stop, stream), "cudaEventRecord");
    require(cudaEventSynchronize(stop), "running the timed kernels");
    float milliseconds = 0;
    require(cudaEventElapsedTime(&milliseconds, start, stop), "cudaEventElapsedTime");
    return static_cast<double>(milliseconds) * 1e-3;
  }

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;
};

}  // namespace

CacheFlush::CacheFlush(double l2_bytes) : data_(static_cast<std::size_t>(2 * l2_bytes) / 4096 * 4096 + 4096) {
  const Stream stream;
  fill_random(data_.as<void>(), data_.bytes() / sizeof(float), CudaPrecision::fp32, stream);
  require(cudaStreamSynchronize(stream), "filling with random numbers");
}

void CacheFlush::enqueue(cudaStream_t stream) const {
  read_through<<<1024, 256, 0, stream>>>(data_.as<float4>(), data_.bytes() / sizeof(float4),
                                         data_.as<float>());
  require(cudaGetLastError(), "reading through the cache");
}

void fill_random(void* data, std::size_t count, CudaPrecision precision, cudaStream_t stream, unsigned seed) {
  switch (precision) {
    case CudaPrecision::fp32:
    case CudaPrecision::tf32:
      return launch_fill<float>(data, count, stream, seed);
    case CudaPrecision::fp16:
      return launch_fill<__half>(data, count, stream, seed);
    case CudaPrecision::bf16:
      return launch_fill<__nv_bfloat16>(data, count, stream, seed);
    case CudaPrecision::fp8:
      return launch_fill<__nv_fp8_e4m3>(data, count, stream, seed);
  }
}

Times time_on_device(cudaStream_t stream, double budget_s, const std::function<void(cudaStream_t)>& enqueue,
                     const CacheFlush* flush) {
  constexpr double kSample_s = 200e-6;  // far beyond the events' half microsecond
  constexpr int kMostRuns = 64;
  constexpr std::size_t kFewestSamples = 3, kMostSamples = 100;
  const Event start, stop;
  const double begin_s = wall_s();
  enqueue(stream);  // loads the kernel, which a capture might not allow
  require(cudaStreamSynchronize(stream), "running a kernel");
  double learned_s = 0;
  {
    const Replay once(stream, 1, enqueue);
    once.seconds(stream, start, stop);  // warms up
    learned_s = once.seconds(stream, start, stop);
  }
  const int runs = std::clamp(static_cast<int>(kSample_s / std::max(learned_s, 1e-7)), 1, kMostRuns);
  const Replay replay(stream, runs, enqueue);
  replay.seconds(stream, start, stop);
  std::vector<double> seconds;
  while (seconds.size() < kMostSamples &&
         (seconds.size() < kFewestSamples || wall_s() - begin_s < budget_s)) {
    if (flush != nullptr) flush->enqueue(stream);
    seconds.push_back(replay.seconds(stream, start, stop) / runs);
  }
  return summarize(std::move(seconds));
}

void say(const CudaRequest& request, const char* format, ...) {
  if (request.progress == nullptr) return;
  char line[512];
  va_list values;
  va_start(values, format);
  std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  request.progress(line);
}

}  // namespace spotmix::gpu
