// What the CUDA files share: errors as exceptions, memory that frees itself, random data, and timing.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <cuda_runtime.h>

#include "gpu/cuda/interface.h"

namespace spotmix::gpu {

inline void require(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(status));
}

/// Bytes of device memory, freed with the owner.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) : bytes_(bytes) {
    require(cudaMalloc(&data_, bytes), "cudaMalloc");
  }
  ~DeviceMemory() { cudaFree(data_); }
  DeviceMemory(DeviceMemory&& other) noexcept : data_(other.data_), bytes_(other.bytes_) {
    other.data_ = nullptr;
  }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
  DeviceMemory& operator=(DeviceMemory&&) = delete;

  template <typename T>
  T* as(std::size_t byte_offset = 0) const {
    return reinterpret_cast<T*>(static_cast<char*>(data_) + byte_offset);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// A place in a longer buffer that moves on with every run, so that runs of one graph do not share data.
class Rotation {
 public:
  Rotation(const DeviceMemory& memory, std::size_t bytes) : memory_(&memory), bytes_(bytes) {}
  /// Offset of the next piece; aligned to 256 bytes.
  std::size_t next() {
    if (position_ + bytes_ > memory_->bytes()) position_ = 0;
    const std::size_t result = position_;
    constexpr std::size_t kAlignment = 256;
    position_ += (bytes_ + kAlignment - 1) / kAlignment * kAlignment;
    return result;
  }

 private:
  const DeviceMemory* memory_;
  std::size_t bytes_;
  std::size_t position_ = 0;
};

class Stream {
 public:
  Stream() { require(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreate"); }
  ~Stream() { cudaStreamDestroy(stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  operator cudaStream_t() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

class Event {
 public:
  Event() { require(cudaEventCreate(&event_), "cudaEventCreate"); }
  ~Event() { cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  operator cudaEvent_t() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

inline double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Reads twice as much as the L2 holds, so that what comes next finds nothing of its own there, and nothing
/// that has to be written back.
class CacheFlush {
 public:
  explicit CacheFlush(double l2_bytes);
  void enqueue(cudaStream_t stream) const;

 private:
  DeviceMemory data_;
};

/// What one `enqueue(stream)` takes on the device. Several are captured in one graph, so that the host's
/// launches do not count; the graph is replayed, timed with events, until `budget_s` is used up (three times
/// at least). With `flush`, every replay begins with a cache that holds nothing of use.
Times time_on_device(cudaStream_t stream, double budget_s, const std::function<void(cudaStream_t)>& enqueue,
                     const CacheFlush* flush = nullptr);

/// Fills `count` elements with values uniform in [−1, 1), the same for every run of the program and each
/// `seed`.
void fill_random(void* data, std::size_t count, CudaPrecision precision, cudaStream_t stream,
                 unsigned seed = 0);

/// Bytes of one element: 4, 4, 2, 2, 1.
constexpr std::size_t element_bytes(CudaPrecision precision) {
  return precision == CudaPrecision::fp32 || precision == CudaPrecision::tf32 ? 4
         : precision == CudaPrecision::fp8                                    ? 1
                                                                              : 2;
}

/// Progress to the caller, printf-like.
void say(const CudaRequest& request, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace spotmix::gpu
