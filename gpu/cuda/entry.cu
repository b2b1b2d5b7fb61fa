#include <exception>
#include <fstream>

#include <cublasLt.h>

#include "gpu/cuda/cublas.h"
#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

/// Shares of the time budget; what is left goes to filling and checking.
constexpr double kMemory = 0.04, kProducts = 0.62, kYardsticks = 0.04, kAllReduce = 0.14, kNccl = 0.1;

std::string version_text(int code) {
  return std::to_string(code / 1000) + '.' + std::to_string(code % 1000 / 10);
}

/// "580.159.04", or nothing where the driver's module does not say.
std::string driver_version() {
  std::ifstream file("/sys/module/nvidia/version");
  std::string version;
  std::getline(file, version);
  return version;
}

int attribute(cudaDeviceAttr which) {
  int value = 0;
  require(cudaDeviceGetAttribute(&value, which, 0), "cudaDeviceGetAttribute");
  return value;
}

/// What fails here, a wrong kernel of ours included, is left out and said; the library's products stay.
template <typename Section>
void attempt(const CudaRequest& request, const char* name, const Section& section) {
  try {
    section();
  } catch (const std::exception& error) {
    say(request, "%s: not measured: %s", name, error.what());
  }
}

void describe_device(CudaResult& result) {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  int driver = 0;
  require(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  if (driver == 0) throw std::runtime_error("no CUDA device: there is no NVIDIA driver");
  if (status != cudaSuccess || devices == 0) {
    throw std::runtime_error(std::string("no CUDA device: ") +
                             (status == cudaSuccess ? "the driver lists none" : cudaGetErrorString(status)));
  }
  require(cudaSetDevice(0), "cudaSetDevice");
  cudaDeviceProp properties{};
  require(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
  int runtime = 0;
  require(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  constexpr double kKilohertz = 1e3, kBitsPerByte = 8, kTransfersPerClock = 2;
  result.device = properties.name;
  const std::string version = driver_version();
  result.driver = version + (version.empty() ? "for CUDA " : ", for CUDA ") + version_text(driver);
  result.runtime = "CUDA " + version_text(runtime) + ", " + cublas_name();
  result.multiprocessors = properties.multiProcessorCount;
  result.l2_bytes = properties.l2CacheSize;
  result.compute_clock_hz = attribute(cudaDevAttrClockRate) * kKilohertz;
  result.memory_clock_hz = attribute(cudaDevAttrMemoryClockRate) * kKilohertz;
  result.memory_bytes_per_s =
      result.memory_clock_hz * kTransfersPerClock * attribute(cudaDevAttrGlobalMemoryBusWidth) / kBitsPerByte;
}

}  // namespace
}  // namespace spotmix::gpu

extern "C" bool spotmix_measure_cuda(const spotmix::gpu::CudaRequest& request,
                                     spotmix::gpu::CudaResult& result) {
  using namespace spotmix::gpu;
  try {
    describe_device(result);
    say(request, "%s, %s, %s", result.device.c_str(), result.driver.c_str(), result.runtime.c_str());
    measure_memory(request, result, kMemory * request.budget_s);
    measure_products(request, result, kProducts * request.budget_s);
    attempt(request, "our own AllReduce",
            [&] { measure_all_reduce(request, result, kAllReduce * request.budget_s); });
    attempt(request, "NCCL", [&] { measure_nccl(request, result, kNccl * request.budget_s); });
    attempt(request, "our own product",
            [&] { measure_yardsticks(request, result, kYardsticks * request.budget_s); });
    return true;
  } catch (const std::exception& error) {
    result.error = error.what();
    return false;
  }
}
