// Our own AllReduce, over pointers that any rank may read: peers' memory, or virtual ranks on one device.
//
// Every rank's result lies in a buffer of its own; inputs stay as they are, so that every run adds the same
// random numbers. One-shot: every rank reads all ranks' inputs and writes the whole sum.
//   bytes read + written by all n ranks: n·(n + 1)·S
// Two-shot: rank r writes the sum of slice r of all ranks (reduce-scatter), then every rank copies the other
// slices from their owners (all-gather).
//   bytes read + written by all n ranks: (n + 1)·S + 2·(n − 1)·S = (3n − 1)·S
// S is one rank's bytes. On one device all of it goes through one memory, whose copy bandwidth is then the
// limit, but for what the L2 still holds of a slice when the next rank copies it.
#include <algorithm>
#include <memory>

#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr int kMostRanks = 16, kThreads = 512;
constexpr int kBatch = 4;  ///< Copies in flight per thread.

/// Buffers of all ranks, by value so that every device can read them. Elements are float4.
struct Ranks {
  const float4* in[kMostRanks];
  float4* out[kMostRanks];
  int count;
};

/// kCount 0: as many as there are.
template <int kCount>
__device__ float4 sum_at(const Ranks& ranks, std::size_t i) {
  const int count = kCount > 0 ? kCount : ranks.count;
  float4 sum = ranks.in[0][i];
#pragma unroll
  for (int r = 1; r < count; ++r) {
    const float4 value = ranks.in[r][i];
    sum.x += value.x;
    sum.y += value.y;
    sum.z += value.z;
    sum.w += value.w;
  }
  return sum;
}

struct Slice {
  std::size_t begin, end;
};

__device__ Slice slice_of(int rank, int ranks, std::size_t count) {
  return {count * static_cast<std::size_t>(rank) / ranks, count * static_cast<std::size_t>(rank + 1) / ranks};
}

__device__ std::size_t thread_number() {
  return blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x;
}
__device__ std::size_t thread_count() {
  return static_cast<std::size_t>(gridDim.x) * blockDim.x;
}

template <int kCount>
__device__ void write_sums(const Ranks& ranks, int rank, Slice slice) {
  for (std::size_t i = slice.begin + thread_number(); i < slice.end; i += thread_count())
    ranks.out[rank][i] = sum_at<kCount>(ranks, i);
}

/// Unrolled for the counts that machines have, so that all reads of an element are in flight at once.
__device__ void write_sums(const Ranks& ranks, int rank, Slice slice) {
  switch (ranks.count) {
    case 2:
      return write_sums<2>(ranks, rank, slice);
    case 4:
      return write_sums<4>(ranks, rank, slice);
    case 8:
      return write_sums<8>(ranks, rank, slice);
    default:
      return write_sums<0>(ranks, rank, slice);
  }
}

/// Rank first_rank + blockIdx.y works; on one device all ranks run in one grid.
__global__ void one_shot(Ranks ranks, int first_rank, std::size_t count) {
  write_sums(ranks, first_rank + static_cast<int>(blockIdx.y), {0, count});
}

__global__ void reduce_scatter(Ranks ranks, int first_rank, std::size_t count) {
  const int rank = first_rank + static_cast<int>(blockIdx.y);
  write_sums(ranks, rank, slice_of(rank, ranks.count, count));
}

__global__ void all_gather(Ranks ranks, int first_rank, std::size_t count) {
  const int rank = first_rank + static_cast<int>(blockIdx.y);
  float4* to = ranks.out[rank];
  for (int step = 1; step < ranks.count; ++step) {  // each rank begins with another owner
    const int owner = (rank + step) % ranks.count;
    const float4* from = ranks.out[owner];
    const Slice slice = slice_of(owner, ranks.count, count);
    for (std::size_t i = slice.begin + thread_number(); i < slice.end; i += kBatch * thread_count()) {
      float4 values[kBatch];
#pragma unroll
      for (int j = 0; j < kBatch; ++j)
        if (i + j * thread_count() < slice.end) values[j] = from[i + j * thread_count()];
#pragma unroll
      for (int j = 0; j < kBatch; ++j)
        if (i + j * thread_count() < slice.end) to[i + j * thread_count()] = values[j];
    }
  }
}

/// Counts elements of `found` that differ from the fp64 sum of the inputs by more than rounding.
__global__ void count_wrong(Ranks ranks, const float* found, std::size_t count, unsigned* wrong) {
  for (std::size_t i = thread_number(); i < count; i += thread_count()) {
    double sum = 0;
    for (int r = 0; r < ranks.count; ++r)
      sum += static_cast<double>(reinterpret_cast<const float*>(ranks.in[r])[i]);
    if (!(fabs(static_cast<double>(found[i]) - sum) <= 1e-6 * ranks.count)) atomicAdd(wrong, 1u);
  }
}

/// Every element of every rank against the sum in fp64, computed on the present device.
class SumCheck {
 public:
  SumCheck() : wrong_(sizeof(unsigned)) {}

  void require_sums(const Ranks& ranks, std::size_t bytes, const char* algorithm, cudaStream_t stream) const {
    require(cudaMemsetAsync(wrong_.as<void>(), 0, sizeof(unsigned), stream), "clearing");
    for (int r = 0; r < ranks.count; ++r)
      count_wrong<<<512, kThreads, 0, stream>>>(ranks, reinterpret_cast<const float*>(ranks.out[r]),
                                                bytes / sizeof(float), wrong_.as<unsigned>());
    require(cudaGetLastError(), "checking AllReduce");
    unsigned wrong = 0;
    require(cudaMemcpyAsync(&wrong, wrong_.as<void>(), sizeof wrong, cudaMemcpyDeviceToHost, stream),
            "reading");
    require(cudaStreamSynchronize(stream), "checking AllReduce");
    if (wrong != 0)
      throw std::runtime_error(std::string(algorithm) + " AllReduce over " + std::to_string(ranks.count) +
                               " ranks: " + std::to_string(wrong) + " wrong elements");
  }

 private:
  DeviceMemory wrong_;
};

/// All bits set is no number: an element that nobody wrote does not pass for a sum.
void poison(float4* out, std::size_t bytes, cudaStream_t stream) {
  require(cudaMemsetAsync(out, 0xff, bytes, stream), "clearing");
}

/// All ranks on the present device.
class VirtualRanks {
 public:
  VirtualRanks(const CudaRequest& request, CudaResult& result, int count, std::size_t most_bytes)
      : request_(request), result_(result) {
    ranks_.count = count;
    for (int r = 0; r < count; ++r) {
      for (std::vector<DeviceMemory>* memory : {&in_, &out_}) memory->emplace_back(most_bytes);
      fill_random(in_.back().as<void>(), most_bytes / sizeof(float), CudaPrecision::fp32, stream_,
                  static_cast<unsigned>(r));
      ranks_.in[r] = in_.back().as<float4>();
      ranks_.out[r] = out_.back().as<float4>();
    }
  }

  void measure(std::size_t bytes, double budget_s) {
    const double n = ranks_.count;
    const auto s = static_cast<double>(bytes);
    const Times one = measure_one("one_shot", bytes, budget_s / 2,
                                  [&](cudaStream_t stream) { run_one_shot(bytes, stream); });
    const Times two = measure_one("two_shot", bytes, budget_s / 2,
                                  [&](cudaStream_t stream) { run_two_shot(bytes, stream); });
    say(request_,
        "AllReduce over %d virtual ranks, %.3g MiB: one-shot %.0f GB/s, two-shot %.0f GB/s of memory "
        "traffic, %.0f %% of the copy's",
        ranks_.count, s / 1048576, n * (n + 1) * s / one.median_s / 1e9, (3 * n - 1) * s / two.median_s / 1e9,
        100 * (3 * n - 1) * s / two.median_s / result_.copy_bytes_per_s);
  }

 private:
  dim3 grid() const {
    const int blocks = std::max(1, result_.multiprocessors * 4 / ranks_.count);
    return dim3(static_cast<unsigned>(blocks), static_cast<unsigned>(ranks_.count));
  }
  void run_one_shot(std::size_t bytes, cudaStream_t stream) const {
    one_shot<<<grid(), kThreads, 0, stream>>>(ranks_, 0, bytes / sizeof(float4));
    require(cudaGetLastError(), "one-shot AllReduce");
  }
  void run_two_shot(std::size_t bytes, cudaStream_t stream) const {
    reduce_scatter<<<grid(), kThreads, 0, stream>>>(ranks_, 0, bytes / sizeof(float4));
    all_gather<<<grid(), kThreads, 0, stream>>>(ranks_, 0, bytes / sizeof(float4));
    require(cudaGetLastError(), "two-shot AllReduce");
  }

  template <typename Run>
  Times measure_one(const char* algorithm, std::size_t bytes, double budget_s, const Run& run) {
    for (int r = 0; r < ranks_.count; ++r) poison(ranks_.out[r], bytes, stream_);
    run(stream_);
    check_.require_sums(ranks_, bytes, algorithm, stream_);
    const Times times = time_on_device(stream_, budget_s, run);
    result_.all_reduces.push_back(
        {algorithm, "virtual_ranks", "spotmix-kernels", ranks_.count, static_cast<double>(bytes), times});
    return times;
  }

  const CudaRequest& request_;
  CudaResult& result_;
  Stream stream_;
  SumCheck check_;
  std::vector<DeviceMemory> in_, out_;
  Ranks ranks_{};
};

/// One device of several, with its rank's buffers and what the others wait for.
struct Peer {
  explicit Peer(int device_in, std::size_t bytes)
      : device((require(cudaSetDevice(device_in), "cudaSetDevice"), device_in)), in(bytes), out(bytes) {}
  int device;
  DeviceMemory in, out;
  Stream stream;
  Event done;
};

/// True when every device may read every other's memory; lets them.
bool connect_peers(int count) {
  for (int a = 0; a < count; ++a) {
    require(cudaSetDevice(a), "cudaSetDevice");
    for (int b = 0; b < count; ++b) {
      int can = 0;
      if (a == b) continue;
      require(cudaDeviceCanAccessPeer(&can, a, b), "cudaDeviceCanAccessPeer");
      if (can == 0) return false;
      const cudaError_t status = cudaDeviceEnablePeerAccess(b, 0);
      if (status == cudaErrorPeerAccessAlreadyEnabled)
        cudaGetLastError();
      else
        require(status, "cudaDeviceEnablePeerAccess");
    }
  }
  return true;
}

class PeerRanks {
 public:
  PeerRanks(CudaResult& result, int count, std::size_t bytes) : result_(result) {
    ranks_.count = count;
    for (int device = 0; device < count; ++device) {
      peers_.push_back(std::make_unique<Peer>(device, bytes));
      Peer& peer = *peers_.back();
      fill_random(peer.in.as<void>(), bytes / sizeof(float), CudaPrecision::fp32, peer.stream,
                  static_cast<unsigned>(device));
      ranks_.in[device] = peer.in.as<float4>();
      ranks_.out[device] = peer.out.as<float4>();
    }
  }

  void measure(const char* algorithm, std::size_t bytes, double budget_s) {
    const bool two_shot = algorithm[0] == 't';
    const std::size_t count = bytes / sizeof(float4);
    check(two_shot, bytes, algorithm);
    std::vector<double> seconds;
    const double begin_s = wall_s();
    while (seconds.size() < 100 && (seconds.size() < 3 || wall_s() - begin_s < budget_s)) {
      constexpr int kRuns = 4;
      const double start_s = wall_s();
      for (int run = 0; run < kRuns; ++run) enqueue(two_shot, count);
      wait();
      seconds.push_back((wall_s() - start_s) / kRuns);
    }
    result_.all_reduces.push_back({algorithm, "peer", "spotmix-kernels", ranks_.count,
                                   static_cast<double>(bytes), summarize(std::move(seconds))});
  }

 private:
  template <typename Kernel>
  void phase(Kernel kernel, std::size_t count) {
    for (int r = 0; r < ranks_.count; ++r) {
      Peer& peer = *peers_[static_cast<std::size_t>(r)];
      require(cudaSetDevice(peer.device), "cudaSetDevice");
      kernel<<<dim3(static_cast<unsigned>(result_.multiprocessors * 2), 1), kThreads, 0, peer.stream>>>(
          ranks_, r, count);
      require(cudaGetLastError(), "AllReduce over peers");
      require(cudaEventRecord(peer.done, peer.stream), "cudaEventRecord");
    }
    for (const auto& peer : peers_) {
      require(cudaSetDevice(peer->device), "cudaSetDevice");
      for (const auto& other : peers_)
        require(cudaStreamWaitEvent(peer->stream, other->done, 0), "cudaStreamWaitEvent");
    }
  }
  void enqueue(bool two_shot, std::size_t count) {
    if (!two_shot) return phase(one_shot, count);
    phase(reduce_scatter, count);
    phase(all_gather, count);
  }
  void wait() {
    for (const auto& peer : peers_) {
      require(cudaSetDevice(peer->device), "cudaSetDevice");
      require(cudaStreamSynchronize(peer->stream), "AllReduce over peers");
    }
  }

  void check(bool two_shot, std::size_t bytes, const char* algorithm) {
    for (const auto& peer : peers_) {
      require(cudaSetDevice(peer->device), "cudaSetDevice");
      poison(peer->out.as<float4>(), bytes, peer->stream);
    }
    wait();
    enqueue(two_shot, bytes / sizeof(float4));
    wait();
    require(cudaSetDevice(0), "cudaSetDevice");
    const SumCheck check;
    check.require_sums(ranks_, bytes, algorithm, peers_[0]->stream);
  }

  CudaResult& result_;
  Ranks ranks_{};
  std::vector<std::unique_ptr<Peer>> peers_;
};

void measure_peers(const CudaRequest& request, CudaResult& result, double budget_s) {
  int devices = 0;
  require(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
  const int count = std::min(devices, kMostRanks);
  if (count < 2) return;
  if (connect_peers(count)) {
    const std::size_t largest = request.quick ? std::size_t{1} << 20 : std::size_t{256} << 20;
    for (std::size_t bytes = 64 << 10; bytes <= largest; bytes *= 16) {
      PeerRanks ranks(result, count, bytes);
      for (const char* algorithm : {"one_shot", "two_shot"}) ranks.measure(algorithm, bytes, budget_s / 8);
    }
  } else {
    say(request, "AllReduce over peers: not measured, the devices cannot read each other's memory");
  }
  require(cudaSetDevice(0), "cudaSetDevice");
}

}  // namespace

void measure_all_reduce(const CudaRequest& request, CudaResult& result, double budget_s) {
  constexpr int kRanks = 8;
  constexpr std::size_t kSmallest = std::size_t{64} << 10;
  std::size_t free_bytes = 0, all_bytes = 0;
  require(cudaMemGetInfo(&free_bytes, &all_bytes), "cudaMemGetInfo");
  std::size_t largest = request.quick ? std::size_t{1} << 20 : std::size_t{256} << 20;
  while (largest * 2 * kRanks > free_bytes / 10 * 9) largest /= 2;
  {
    VirtualRanks ranks(request, result, kRanks, largest);
    std::vector<std::size_t> sizes;
    for (std::size_t bytes = largest; bytes >= kSmallest; bytes /= 4) sizes.push_back(bytes);
    for (const std::size_t bytes : sizes)
      ranks.measure(bytes, budget_s * 0.7 / static_cast<double>(sizes.size()));
  }
  measure_peers(request, result, budget_s * 0.3);
}

}  // namespace spotmix::gpu
