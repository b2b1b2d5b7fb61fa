#include "gpu/cuda/marks.h"

#include <algorithm>

#include <fmt/format.h>

namespace spotmix::gpu {
namespace {

constexpr double kLeastShareOfCublas = 0.70;
constexpr double kLeastShareOfCopy = 0.85;
constexpr double kMostErrorFp32 = 1e-3, kMostErrorBf16 = 1e-2;
constexpr int kRanks = 8;
constexpr double kRankBytes = 256.0 * 1024 * 1024;

double tera_flop_per_s(const CudaShape& s, const Times& times) {
  return 2e-12 * static_cast<double>(s.batch) * static_cast<double>(s.m) * static_cast<double>(s.n) *
         static_cast<double>(s.k) / times.median_s;
}

std::string verdict(bool met) {
  return met ? "pass" : "miss";
}

std::string fastest_product(const CudaResult& result) {
  const CudaMatmul* fastest = nullptr;
  for (const CudaMatmul& product : result.matmuls) {
    if (product.precision != CudaPrecision::bf16) continue;
    if (fastest == nullptr ||
        tera_flop_per_s(product.shape, product.times) > tera_flop_per_s(fastest->shape, fastest->times))
      fastest = &product;
  }
  if (fastest == nullptr) return "mark fastest bf16 product: unmeasured";
  const CudaShape& s = fastest->shape;
  return fmt::format("mark fastest bf16 product: {:.1f} TFLOP/s at {} x {} x {} x {}",
                     tera_flop_per_s(s, fastest->times), s.m, s.n, s.k, s.batch);
}

std::string own_product(const CudaResult& result) {
  const CudaYardstick* best = nullptr;
  const auto share = [](const CudaYardstick& y) { return y.cublas.median_s / y.ours.median_s; };
  for (const CudaYardstick& yardstick : result.yardsticks)
    if (best == nullptr || share(yardstick) > share(*best)) best = &yardstick;
  if (best == nullptr) return "mark own product: unmeasured";
  return fmt::format(
      "mark own product: {}: {} at {}^3 bf16 has {:.1f} % of cuBLASLt's speed ({:.1f} of {:.1f} TFLOP/s), "
      "expected at least {:.0f} %",
      verdict(share(*best) >= kLeastShareOfCublas), best->kernel, best->shape.m, 100 * share(*best),
      tera_flop_per_s(best->shape, best->ours), tera_flop_per_s(best->shape, best->cublas),
      100 * kLeastShareOfCublas);
}

std::string two_shot(const CudaResult& result) {
  for (const CudaAllReduce& run : result.all_reduces) {
    if (run.algorithm != "two_shot" || run.topology != "virtual_ranks" || run.ranks != kRanks ||
        run.bytes != kRankBytes || !(result.copy_bytes_per_s > 0))
      continue;
    const double traffic = (3 * run.ranks - 1) * run.bytes / run.times.median_s;
    const double share = traffic / result.copy_bytes_per_s;
    return fmt::format(
        "mark two-shot AllReduce: {}: {} virtual ranks of {:.0f} MiB move {:.0f} GB/s, {:.1f} % of the "
        "copy's {:.0f}, expected at least {:.0f} %",
        verdict(share >= kLeastShareOfCopy), run.ranks, run.bytes / 1048576, traffic / 1e9, 100 * share,
        result.copy_bytes_per_s / 1e9, 100 * kLeastShareOfCopy);
  }
  return "mark two-shot AllReduce: unmeasured";
}

std::string errors(const CudaResult& result) {
  const double fp32 = result.largest_error[static_cast<int>(CudaPrecision::fp32)];
  const double bf16 = result.largest_error[static_cast<int>(CudaPrecision::bf16)];
  if (fp32 == kNothingChecked || bf16 == kNothingChecked) return "mark errors: unmeasured";
  return fmt::format(
      "mark errors: {}: against fp64 {:.2g} in fp32, {:.2g} in bf16, expected at most {:g} and {:g}",
      verdict(fp32 <= kMostErrorFp32 && bf16 <= kMostErrorBf16), fp32, bf16, kMostErrorFp32, kMostErrorBf16);
}

}  // namespace

std::vector<std::string> mark_lines(const CudaResult& result) {
  return {fastest_product(result), own_product(result), two_shot(result), errors(result)};
}

}  // namespace spotmix::gpu
