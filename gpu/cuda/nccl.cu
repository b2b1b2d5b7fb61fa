// NCCL is opened when the program runs: a machine with one GPU need not have it, and one that has it often
// has it from a Python package, without a header. What is used of its C interface is declared here; it has
// not changed since NCCL 2.0 (nccl.h: ncclComm_t is an opaque pointer, ncclSuccess 0, ncclFloat32 7, ncclSum
// 0).
#include <algorithm>
#include <cmath>
#include <memory>

#include <dlfcn.h>

#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

using NcclCommunicator = void*;
constexpr int kNcclSuccess = 0, kNcclFloat32 = 7, kNcclSum = 0;

class Nccl {
 public:
  Nccl() : library_(open()) {
    if (library_ == nullptr) return;
    load(init_all, "ncclCommInitAll");
    load(destroy, "ncclCommDestroy");
    load(group_start, "ncclGroupStart");
    load(group_end, "ncclGroupEnd");
    load(all_reduce, "ncclAllReduce");
    load(error_text, "ncclGetErrorString");
    load(version, "ncclGetVersion");
  }
  bool there() const { return library_ != nullptr; }
  void require(int status, const char* what) const {
    if (status != kNcclSuccess) throw std::runtime_error(std::string(what) + ": " + error_text(status));
  }

  int (*init_all)(NcclCommunicator* communicators, int count, const int* devices) = nullptr;
  int (*destroy)(NcclCommunicator communicator) = nullptr;
  int (*group_start)() = nullptr;
  int (*group_end)() = nullptr;
  int (*all_reduce)(const void* from, void* to, std::size_t count, int type, int operation,
                    NcclCommunicator communicator, cudaStream_t stream) = nullptr;
  const char* (*error_text)(int status) = nullptr;
  int (*version)(int* code) = nullptr;

 private:
  /// Where the loader finds it, else where the build found it.
  static void* open() {
    if (void* library = dlopen("libnccl.so.2", RTLD_NOW | RTLD_LOCAL)) return library;
#ifdef SPOTMIX_NCCL_LIBRARY
    return dlopen(SPOTMIX_NCCL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
#else
    return nullptr;
#endif
  }
  template <typename Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) throw std::runtime_error(std::string("libnccl.so.2 has no ") + name);
  }
  void* library_;
};

struct Device {
  explicit Device(std::size_t bytes) : in(bytes), out(bytes) {}
  DeviceMemory in, out;
  Stream stream;
};

std::string library_name(const Nccl& nccl) {
  int code = 0;
  nccl.require(nccl.version(&code), "ncclGetVersion");
  return "nccl-" + std::to_string(code / 10000) + '.' + std::to_string(code / 100 % 100) + '.' +
         std::to_string(code % 100);
}

/// Communicators of all devices, destroyed with their owner.
class Communicators {
 public:
  Communicators(const Nccl& nccl, int count) : nccl_(nccl), all_(static_cast<std::size_t>(count)) {
    nccl.require(nccl.init_all(all_.data(), count, nullptr), "ncclCommInitAll");
  }
  ~Communicators() {
    for (const NcclCommunicator one : all_) nccl_.destroy(one);
  }
  Communicators(const Communicators&) = delete;
  Communicators& operator=(const Communicators&) = delete;
  NcclCommunicator operator[](std::size_t i) const { return all_[i]; }

 private:
  const Nccl& nccl_;
  std::vector<NcclCommunicator> all_;
};

class NcclRun {
 public:
  NcclRun(const Nccl& nccl, int count, std::size_t most_bytes) : nccl_(nccl), communicators_(nccl, count) {
    for (int i = 0; i < count; ++i) {
      require(cudaSetDevice(i), "cudaSetDevice");
      devices_.push_back(std::make_unique<Device>(most_bytes));
      fill_random(devices_.back()->in.as<void>(), most_bytes / sizeof(float), CudaPrecision::fp32,
                  devices_.back()->stream, static_cast<unsigned>(i));
    }
  }

  Times measure(std::size_t bytes, double budget_s) {
    check(bytes);
    std::vector<double> seconds;
    const double begin_s = wall_s();
    while (seconds.size() < 100 && (seconds.size() < 3 || wall_s() - begin_s < budget_s)) {
      constexpr int kRuns = 4;
      const double start_s = wall_s();
      for (int run = 0; run < kRuns; ++run) enqueue(bytes);
      wait();
      seconds.push_back((wall_s() - start_s) / kRuns);
    }
    return summarize(std::move(seconds));
  }

 private:
  void enqueue(std::size_t bytes) {
    nccl_.require(nccl_.group_start(), "ncclGroupStart");
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      const Device& device = *devices_[i];
      nccl_.require(nccl_.all_reduce(device.in.as<void>(), device.out.as<void>(), bytes / sizeof(float),
                                     kNcclFloat32, kNcclSum, communicators_[i], device.stream),
                    "ncclAllReduce");
    }
    nccl_.require(nccl_.group_end(), "ncclGroupEnd");
  }
  void wait() {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      require(cudaSetDevice(static_cast<int>(i)), "cudaSetDevice");
      require(cudaStreamSynchronize(devices_[i]->stream), "ncclAllReduce");
    }
  }
  /// The first elements of every device's result against the sum of their inputs.
  void check(std::size_t bytes) {
    const std::size_t looked = std::min<std::size_t>(4096, bytes / sizeof(float));
    std::vector<double> sums(looked, 0.0);
    std::vector<float> read(looked);
    const auto read_from = [&](const DeviceMemory& memory) {
      require(cudaMemcpy(read.data(), memory.as<void>(), looked * sizeof(float), cudaMemcpyDefault),
              "reading");
    };
    for (const auto& device : devices_)
      require(cudaMemsetAsync(device->out.as<void>(), 0xff, bytes, device->stream), "clearing");
    wait();
    for (const auto& device : devices_) {
      read_from(device->in);
      for (std::size_t i = 0; i < looked; ++i) sums[i] += static_cast<double>(read[i]);
    }
    enqueue(bytes);
    wait();
    for (const auto& device : devices_) {
      read_from(device->out);
      for (std::size_t i = 0; i < looked; ++i) {
        if (!(std::abs(static_cast<double>(read[i]) - sums[i]) <=
              1e-6 * static_cast<double>(devices_.size())))
          throw std::runtime_error("NCCL's AllReduce: wrong sum");
      }
    }
  }

  const Nccl& nccl_;
  Communicators communicators_;
  std::vector<std::unique_ptr<Device>> devices_;
};

}  // namespace

void measure_nccl(const CudaRequest& request, CudaResult& result, double budget_s) {
  int count = 0;
  require(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
  if (count < 2) return say(request, "NCCL: not measured, there is one GPU");
  const Nccl nccl;
  if (!nccl.there()) return say(request, "NCCL: not measured, libnccl.so.2 cannot be opened");
  const std::size_t largest = request.quick ? std::size_t{1} << 20 : std::size_t{512} << 20;
  NcclRun run(nccl, count, largest);
  const std::string library = library_name(nccl);
  for (std::size_t bytes = 8 << 10; bytes <= largest; bytes *= 4) {
    const Times times = run.measure(bytes, budget_s / 9);
    result.all_reduces.push_back({"auto", "peer", library, count, static_cast<double>(bytes), times});
  }
  require(cudaSetDevice(0), "cudaSetDevice");
}

}  // namespace spotmix::gpu
