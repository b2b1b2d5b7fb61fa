// Our own AllReduce, over pointers that any rank may read: peers' memory, or virtual ranks on one device.
//
// One-shot: every rank reads all ranks' data and writes the whole sum to a buffer of its own.
//   bytes read + written by all n ranks: n·(n + 1)·S
// Two-shot, in place: rank r sums slice r of all ranks into its own buffer (reduce-scatter), then every rank
// copies the other slices from their owners (all-gather).
//   bytes read + written by all n ranks: (n + 1)·S + 2·(n − 1)·S = (3n − 1)·S
// S is one rank's bytes. On one device all of it goes through one memory, whose copy bandwidth is then the
// limit.
#include <algorithm>
#include <cmath>
#include <memory>

#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr int kMostRanks = 16, kThreads = 512;

/// Buffers of all ranks, by value so that every device can read them. Elements are float4.
struct Ranks {
  float4* in[kMostRanks];
  float4* out[kMostRanks];  ///< Of one-shot.
  int count;
};

__device__ float4 sum_at(const Ranks& ranks, std::size_t i) {
  float4 sum = ranks.in[0][i];
  for (int r = 1; r < ranks.count; ++r) {
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

__host__ __device__ Slice slice_of(int rank, int ranks, std::size_t count) {
  return {count * static_cast<std::size_t>(rank) / ranks, count * static_cast<std::size_t>(rank + 1) / ranks};
}

/// Rank first_rank + blockIdx.y works; on one device all ranks run in one grid.
__global__ void one_shot(Ranks ranks, int first_rank, std::size_t count) {
  const int rank = first_rank + static_cast<int>(blockIdx.y);
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride)
    ranks.out[rank][i] = sum_at(ranks, i);
}

__global__ void reduce_scatter(Ranks ranks, int first_rank, std::size_t count) {
  const int rank = first_rank + static_cast<int>(blockIdx.y);
  const Slice own = slice_of(rank, ranks.count, count);
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = own.begin + blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x;
       i < own.end; i += stride)
    ranks.in[rank][i] = sum_at(ranks, i);
}

__global__ void all_gather(Ranks ranks, int first_rank, std::size_t count) {
  const int rank = first_rank + static_cast<int>(blockIdx.y);
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (int step = 1; step < ranks.count; ++step) {  // each rank begins with another owner
    const int owner = (rank + step) % ranks.count;
    const Slice slice = slice_of(owner, ranks.count, count);
    for (std::size_t i = slice.begin + blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x;
         i < slice.end; i += stride)
      ranks.in[rank][i] = ranks.in[owner][i];
  }
}

/// Counts elements whose sum differs from the fp64 sum of `inputs` by more than rounding.
__global__ void count_wrong(Ranks inputs, const float* found, std::size_t count, unsigned* wrong) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = blockIdx.x * static_cast<std::size_t>(blockDim.x) + threadIdx.x; i < count;
       i += stride) {
    double sum = 0;
    for (int r = 0; r < inputs.count; ++r)
      sum += static_cast<double>(reinterpret_cast<const float*>(inputs.in[r])[i]);
    if (!(fabs(static_cast<double>(found[i]) - sum) <= 1e-6 * inputs.count)) atomicAdd(wrong, 1u);
  }
}

/// Fills one rank's data: each rank takes another part of the same random numbers.
void fill_rank(float4* data, std::size_t bytes, int rank, const DeviceMemory& random, cudaStream_t stream) {
  require(cudaMemcpyAsync(data, random.as<void>(static_cast<std::size_t>(rank) * 4096), bytes,
                          cudaMemcpyDefault, stream),
          "filling a rank");
}

/// All ranks on the present device.
class VirtualRanks {
 public:
  VirtualRanks(const CudaRequest& request, CudaResult& result, int count, std::size_t most_bytes)
      : request_(request),
        result_(result),
        random_(most_bytes + kMostRanks * 4096),
        wrong_(sizeof(unsigned)) {
    ranks_.count = count;
    for (int r = 0; r < count; ++r) {
      for (std::vector<DeviceMemory>* memory : {&in_, &out_, &kept_}) memory->emplace_back(most_bytes);
      ranks_.in[r] = in_.back().as<float4>();
      ranks_.out[r] = out_.back().as<float4>();
      inputs_.in[r] = kept_.back().as<float4>();
    }
    inputs_.count = count;
    fill_random(random_.as<void>(), random_.bytes() / sizeof(float), CudaPrecision::fp32, stream_);
    for (int r = 0; r < count; ++r) {
      fill_rank(inputs_.in[r], most_bytes, r, random_, stream_);
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
        "AllReduce over %d virtual ranks, %.0f MiB: one-shot %.0f GB/s, two-shot %.0f GB/s of memory "
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
    for (int r = 0; r < ranks_.count; ++r)
      require(cudaMemcpyAsync(ranks_.in[r], inputs_.in[r], bytes, cudaMemcpyDeviceToDevice, stream_),
              "refilling");
    run(stream_);
    const bool in_place = algorithm[0] == 't';
    for (int r = 0; r < ranks_.count; ++r)
      require_sum(in_place ? ranks_.in[r] : ranks_.out[r], bytes, algorithm);
    // In place the sums grow from run to run; zeros stay zeros and take as long.
    if (in_place)
      for (int r = 0; r < ranks_.count; ++r)
        require(cudaMemsetAsync(ranks_.in[r], 0, bytes, stream_), "clearing");
    const Times times = time_on_device(stream_, budget_s, run);
    result_.all_reduces.push_back(
        {algorithm, "virtual_ranks", "spotmix-kernels", ranks_.count, static_cast<double>(bytes), times});
    return times;
  }

  void require_sum(const float4* found, std::size_t bytes, const char* algorithm) {
    require(cudaMemsetAsync(wrong_.as<void>(), 0, sizeof(unsigned), stream_), "clearing");
    count_wrong<<<result_.multiprocessors * 4, kThreads, 0, stream_>>>(
        inputs_, reinterpret_cast<const float*>(found), bytes / sizeof(float), wrong_.as<unsigned>());
    unsigned wrong = 0;
    require(cudaMemcpyAsync(&wrong, wrong_.as<void>(), sizeof wrong, cudaMemcpyDeviceToHost, stream_),
            "reading");
    require(cudaStreamSynchronize(stream_), "checking AllReduce");
    if (wrong != 0)
      throw std::runtime_error(std::string(algorithm) + " AllReduce: " + std::to_string(wrong) +
                               " wrong elements");
  }

  const CudaRequest& request_;
  CudaResult& result_;
  Stream stream_;
  DeviceMemory random_, wrong_;
  std::vector<DeviceMemory> in_, out_, kept_;
  Ranks ranks_{}, inputs_{};
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
      require(cudaMemsetAsync(peer.in.as<void>(), 0, bytes, peer.stream), "clearing");
      fill_random(peer.in.as<void>(), bytes / sizeof(float), CudaPrecision::fp32, peer.stream);
      ranks_.in[device] = peer.in.as<float4>();
      ranks_.out[device] = peer.out.as<float4>();
    }
  }

  void measure(const char* algorithm, std::size_t bytes, double budget_s) {
    const bool two_shot = algorithm[0] == 't';
    const std::size_t count = bytes / sizeof(float4);
    check(two_shot, count, algorithm);
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

  /// Every rank begins with the same numbers, so each sum is `ranks` times the first rank's.
  void check(bool two_shot, std::size_t count, const char* algorithm) {
    constexpr std::size_t kLooked = 4096;
    const std::size_t looked = std::min(kLooked, count * 4);
    std::vector<float> before(looked), after(looked);
    wait();
    require(cudaSetDevice(0), "cudaSetDevice");
    require(cudaMemcpy(before.data(), ranks_.in[0], looked * sizeof(float), cudaMemcpyDefault), "reading");
    enqueue(two_shot, count);
    wait();
    for (int r = 0; r < ranks_.count; ++r) {
      const void* from = two_shot ? ranks_.in[r] : ranks_.out[r];
      require(cudaMemcpy(after.data(), from, looked * sizeof(float), cudaMemcpyDefault), "reading");
      for (std::size_t i = 0; i < looked; ++i) {
        const double sum = static_cast<double>(before[i]) * ranks_.count;
        if (!(std::abs(static_cast<double>(after[i]) - sum) <= 1e-6 * ranks_.count))
          throw std::runtime_error(std::string(algorithm) + " AllReduce over peers: wrong sum on rank " +
                                   std::to_string(r));
      }
    }
    if (!two_shot) return;
    for (const auto& peer : peers_) {  // zeros stay zeros and take as long
      require(cudaSetDevice(peer->device), "cudaSetDevice");
      require(cudaMemsetAsync(peer->in.as<void>(), 0, peer->in.bytes(), peer->stream), "clearing");
    }
    wait();
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
    constexpr std::size_t kLargest = std::size_t{256} << 20;
    for (std::size_t bytes = 64 << 10; bytes <= kLargest; bytes *= 16) {
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
  constexpr std::size_t kLargest = std::size_t{256} << 20;
  constexpr int kRanks = 8;
  std::size_t free_bytes = 0, all_bytes = 0;
  require(cudaMemGetInfo(&free_bytes, &all_bytes), "cudaMemGetInfo");
  std::size_t largest = kLargest;
  while (largest * (3 * kRanks + 1) > free_bytes * 9 / 10) largest /= 2;
  {
    VirtualRanks ranks(request, result, kRanks, largest);
    std::vector<std::size_t> sizes;
    for (std::size_t bytes = largest; bytes >= (64 << 10); bytes /= 4) sizes.push_back(bytes);
    for (const std::size_t bytes : sizes)
      ranks.measure(bytes, budget_s * 0.7 / static_cast<double>(sizes.size()));
  }
  measure_peers(request, result, budget_s * 0.3);
}

}  // namespace spotmix::gpu
