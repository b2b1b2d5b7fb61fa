#include "gpu/cuda/sections.h"

#ifdef SPOTMIX_NCCL
#include <memory>

#include <dlfcn.h>
#include <nccl.h>
#endif

namespace spotmix::gpu {

#ifdef SPOTMIX_NCCL

namespace {

/// NCCL opened at run time: a machine with one GPU need not have it.
class Nccl {
 public:
  Nccl() : library_(dlopen("libnccl.so.2", RTLD_NOW | RTLD_LOCAL)) {
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
  void require(ncclResult_t status, const char* what) const {
    if (status != ncclSuccess) throw std::runtime_error(std::string(what) + ": " + error_text(status));
  }

  decltype(&ncclCommInitAll) init_all = nullptr;
  decltype(&ncclCommDestroy) destroy = nullptr;
  decltype(&ncclGroupStart) group_start = nullptr;
  decltype(&ncclGroupEnd) group_end = nullptr;
  decltype(&ncclAllReduce) all_reduce = nullptr;
  decltype(&ncclGetErrorString) error_text = nullptr;
  decltype(&ncclGetVersion) version = nullptr;

 private:
  template <typename Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) throw std::runtime_error(std::string("libnccl.so.2 has no ") + name);
  }
  void* library_;
};

struct Device {
  explicit Device(std::size_t bytes) : data(bytes) {}
  DeviceMemory data;
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
    for (const ncclComm_t one : all_) nccl_.destroy(one);
  }
  Communicators(const Communicators&) = delete;
  Communicators& operator=(const Communicators&) = delete;
  ncclComm_t operator[](std::size_t i) const { return all_[i]; }

 private:
  const Nccl& nccl_;
  std::vector<ncclComm_t> all_;
};

class NcclRun {
 public:
  NcclRun(const Nccl& nccl, int count, std::size_t most_bytes) : nccl_(nccl), communicators_(nccl, count) {
    for (int i = 0; i < count; ++i) {
      require(cudaSetDevice(i), "cudaSetDevice");
      devices_.push_back(std::make_unique<Device>(most_bytes));
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
      float* data = devices_[i]->data.as<float>();
      nccl_.require(nccl_.all_reduce(data, data, bytes / sizeof(float), ncclFloat, ncclSum, communicators_[i],
                                     devices_[i]->stream),
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
  /// The same random numbers on every device add up to that many times themselves; then zeros, which stay
  /// zeros.
  void check(std::size_t bytes) {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      require(cudaSetDevice(static_cast<int>(i)), "cudaSetDevice");
      fill_random(devices_[i]->data.as<void>(), bytes / sizeof(float), CudaPrecision::fp32,
                  devices_[i]->stream);
    }
    wait();
    float before = 0, after = 0;
    require(cudaMemcpy(&before, devices_[0]->data.as<void>(), sizeof before, cudaMemcpyDefault), "reading");
    enqueue(bytes);
    wait();
    require(cudaMemcpy(&after, devices_[0]->data.as<void>(), sizeof after, cudaMemcpyDefault), "reading");
    const float sum = before * static_cast<float>(devices_.size());
    if (!(after - sum < 1e-5f && sum - after < 1e-5f))
      throw std::runtime_error("NCCL's AllReduce: wrong sum");
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      require(cudaSetDevice(static_cast<int>(i)), "cudaSetDevice");
      require(cudaMemsetAsync(devices_[i]->data.as<void>(), 0, bytes, devices_[i]->stream), "clearing");
    }
    wait();
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
  constexpr std::size_t kLargest = std::size_t{512} << 20;
  NcclRun run(nccl, count, kLargest);
  const std::string library = library_name(nccl);
  for (std::size_t bytes = 8 << 10; bytes <= kLargest; bytes *= 4) {
    const Times times = run.measure(bytes, budget_s / 9);
    result.all_reduces.push_back({"auto", "peer", library, count, static_cast<double>(bytes), times});
  }
  require(cudaSetDevice(0), "cudaSetDevice");
}

#else

void measure_nccl(const CudaRequest& request, CudaResult&, double) {
  say(request, "NCCL: not measured, the program was built without nccl.h");
}

#endif

}  // namespace spotmix::gpu
