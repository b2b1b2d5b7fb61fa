#include <algorithm>

#include "gpu/cuda/cublas.h"
#include "gpu/cuda/own_product.h"
#include "gpu/cuda/reference.h"
#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr int kLargeSide = 8192;
constexpr std::size_t kWorkspaceBytes = std::size_t{32} << 20;

using Launch = void (*)(const ProductOperands& operands, cudaStream_t stream);

struct Kernel {
  const char* name;
  Launch launch;
};

CudaShape shape_of(int m, int n, int k) {
  return {m, n, k, 1, false, true};
}

/// The matrices of all sizes lie in the same three buffers.
class Yardsticks {
 public:
  Yardsticks(const CudaRequest& request, CudaResult& result, int side)
      : request_(request),
        result_(result),
        side_(side),
        a_(bytes_of(side)),
        b_(bytes_of(side)),
        c_(bytes_of(side)),
        workspace_(kWorkspaceBytes),
        check_(kMostChecked) {
    fill_random(a_.as<void>(), a_.bytes() / 2, CudaPrecision::bf16, stream_, 1);
    fill_random(b_.as<void>(), b_.bytes() / 2, CudaPrecision::bf16, stream_, 2);
  }

  void measure(const Kernel& kernel, double budget_s) {
    // Every element of small results with one tile and several, one stage of k and more than fit at once.
    constexpr int kSmall[][3] = {{128, 256, 64}, {256, 512, 192}, {384, 256, 1024}};
    for (const auto& s : kSmall) require_correct(kernel, operands(s[0], s[1], s[2]));
    const ProductOperands large = operands(side_, side_, side_);
    require_correct(kernel, large);
    if (request_.quick) return say(request_, "our own product (%s): right", kernel.name);
    const CudaShape shape = shape_of(side_, side_, side_);
    const Times theirs = fastest_of_cublas(shape, budget_s / 2);
    const Times ours =
        time_on_device(stream_, budget_s / 2, [&](cudaStream_t s) { kernel.launch(large, s); });
    result_.yardsticks.push_back({kernel.name, shape, ours, theirs});
    const double flop = 2.0 * side_ * side_ * static_cast<double>(side_);
    say(request_, "our own product (%s) at %d^3 bf16: %.1f TFLOP/s, %.0f %% of cuBLASLt's %.1f", kernel.name,
        side_, flop / ours.median_s / 1e12, 100 * theirs.median_s / ours.median_s,
        flop / theirs.median_s / 1e12);
  }

 private:
  static constexpr std::size_t kMostChecked = 131072;

  static std::size_t bytes_of(int side) { return static_cast<std::size_t>(side) * side * 2; }

  ProductOperands operands(int m, int n, int k) const {
    return {a_.as<__nv_bfloat16>(), b_.as<__nv_bfloat16>(), c_.as<__nv_bfloat16>(), m, n, k};
  }

  void require_correct(const Kernel& kernel, const ProductOperands& o) {
    require(cudaMemsetAsync(o.c, 0xff, static_cast<std::size_t>(o.m) * o.n * 2, stream_),
            "clearing the result");
    kernel.launch(o, stream_);
    const double error = check_.error(shape_of(o.m, o.n, o.k), CudaPrecision::bf16, CudaPrecision::bf16, o.a,
                                      o.b, o.c, stream_);
    if (error > error_bound(CudaPrecision::bf16))
      throw std::runtime_error("wrong result at " + std::to_string(o.m) + " x " + std::to_string(o.n) +
                               " x " + std::to_string(o.k) + ": error " + std::to_string(error) +
                               ", expected at most 0.01");
  }

  Times fastest_of_cublas(const CudaShape& shape, double budget_s) {
    const CublasProduct product(handle_, shape, CudaPrecision::bf16, workspace_);
    if (product.algorithms() == 0)
      throw std::runtime_error("cuBLASLt offers no algorithm for 8192 x 8192 x 8192 in bf16");
    Times fastest;
    for (int algorithm = 0; algorithm < product.algorithms(); ++algorithm) {
      const Times times = time_on_device(stream_, budget_s / product.algorithms(), [&](cudaStream_t s) {
        product.enqueue(algorithm, a_.as<void>(), b_.as<void>(), c_.as<void>(), s);
      });
      if (fastest.count == 0 || times.median_s < fastest.median_s) fastest = times;
    }
    return fastest;
  }

  const CudaRequest& request_;
  CudaResult& result_;
  int side_;
  CublasLt handle_;
  Stream stream_;
  DeviceMemory a_, b_, c_, workspace_;
  ProductCheck check_;
};

}  // namespace

void measure_yardsticks(const CudaRequest& request, CudaResult& result, double budget_s) {
  int device = 0, major = 0, minor = 0;
  require(cudaGetDevice(&device), "cudaGetDevice");
  require(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "compute capability");
  require(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "compute capability");
  if (major < 8) return say(request, "our own product: not measured, it needs compute capability 8.0");
  std::vector<Kernel> kernels{{"spotmix-mma-sync", launch_mma_sync_product}};
  if (runs_hopper_product(major, minor)) kernels.push_back({"spotmix-wgmma", launch_hopper_product});
  constexpr int kQuickSide = 1024;
  Yardsticks yardsticks(request, result, request.quick ? kQuickSide : kLargeSide);
  for (const Kernel& kernel : kernels) {
    try {
      yardsticks.measure(kernel, budget_s / static_cast<double>(kernels.size()));
    } catch (const std::exception& error) {
      say(request, "our own product (%s): not measured: %s", kernel.name, error.what());
    }
  }
}

}  // namespace spotmix::gpu
