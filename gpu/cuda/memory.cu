#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr int kThreads = 512;

__global__ void read_all(const float4* data, std::size_t count, float* sink) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  float sum = 0;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride) {
    const float4 value = data[i];
    sum += value.x + value.y + value.z + value.w;
  }
  if (sum == 1.2345e30f) *sink = sum;  // never: keeps the reads
}

__global__ void write_all(float4* data, std::size_t count, float value) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride)
    data[i] = make_float4(value, value, value, value);
}

__global__ void nothing() {}

}  // namespace

void measure_memory(const CudaRequest& request, CudaResult& result, double budget_s) {
  const std::size_t array_bytes = request.quick ? std::size_t{1} << 22 : std::size_t{1} << 30;
  const DeviceMemory from(array_bytes), to(array_bytes);
  const Stream stream;
  fill_random(from.as<void>(), array_bytes / sizeof(float), CudaPrecision::fp32, stream);
  const double each_s = budget_s / 4;
  const int blocks = result.multiprocessors * 4;
  const Times copy = time_on_device(stream, each_s, [&](cudaStream_t s) {
    require(cudaMemcpyAsync(to.as<void>(), from.as<void>(), array_bytes, cudaMemcpyDeviceToDevice, s),
            "copying");
  });
  const Times read = time_on_device(stream, each_s, [&](cudaStream_t s) {
    read_all<<<blocks, kThreads, 0, s>>>(from.as<float4>(), array_bytes / sizeof(float4), to.as<float>());
    require(cudaGetLastError(), "reading");
  });
  const Times write = time_on_device(stream, each_s, [&](cudaStream_t s) {
    write_all<<<blocks, kThreads, 0, s>>>(to.as<float4>(), array_bytes / sizeof(float4), 1.0f);
    require(cudaGetLastError(), "writing");
  });
  const auto bytes = static_cast<double>(array_bytes);
  result.copy_bytes_per_s = 2 * bytes / copy.median_s;
  result.read_bytes_per_s = bytes / read.median_s;
  result.write_bytes_per_s = bytes / write.median_s;
  result.launch_s = time_on_device(stream, each_s, [&](cudaStream_t s) {
                      nothing<<<1, 1, 0, s>>>();
                      require(cudaGetLastError(), "launching an empty kernel");
                    }).median_s;
  say(request, "memory copy %.0f, read %.0f, write %.0f GB/s; an empty kernel takes %.2f us",
      result.copy_bytes_per_s / 1e9, result.read_bytes_per_s / 1e9, result.write_bytes_per_s / 1e9,
      result.launch_s * 1e6);
}

}  // namespace spotmix::gpu
