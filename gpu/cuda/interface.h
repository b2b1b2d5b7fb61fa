// What passes between spotmix-measure and its CUDA part, a shared object that is opened only when asked for.
//
// C++17 and plain data: both sides are built from one tree by one compiler. Units: seconds, bytes, hertz.
// Matrices are row-major: c (m × n) = a (m × k) · b (k × n), each of a and b stored transposed when so
// marked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gpu/measure/statistics.h"

namespace spotmix::gpu {

struct CudaShape {
  std::int64_t m = 0, n = 0, k = 0, batch = 1;
  bool a_transposed = false, b_transposed = false;
};

/// In the order of models::Precision.
enum class CudaPrecision { fp32, tf32, fp16, bf16, fp8 };
constexpr int kCudaPrecisions = 5;

struct CudaRequest {
  std::vector<CudaShape> shapes;  ///< In the order in which they are timed.
  double budget_s = 0;
  /// Small arrays and shapes only: every kernel runs and is checked, no time means anything. For a memory
  /// checker.
  bool quick = false;
  void (*progress)(const char* line) = nullptr;
};

struct CudaMatmul {
  CudaShape shape;
  CudaPrecision precision = CudaPrecision::fp32;
  std::string library;
  Times times;
};

struct CudaAllReduce {
  std::string algorithm;  ///< "one_shot", "two_shot", "auto" (NCCL's own choice).
  std::string topology;   ///< "virtual_ranks", "peer".
  std::string library;
  int ranks = 0;
  double bytes = 0;  ///< Of one rank.
  Times times;
};

/// Our own bf16 product beside cuBLASLt's best algorithm on the same matrices, one after the other.
struct CudaYardstick {
  std::string kernel;  ///< "spotmix-mma-sync", "spotmix-wgmma".
  CudaShape shape;
  Times ours, cublas;
};

/// What no error is: nothing of that precision was checked.
constexpr double kNothingChecked = -1;

struct CudaResult {
  std::string error;  ///< One line when nothing could be measured.
  std::string device;
  std::string driver;
  std::string runtime;
  int multiprocessors = 0;
  double l2_bytes = 0;
  double memory_bytes_per_s = 0;  ///< From clock and bus width; 0 when the driver does not say.
  double compute_clock_hz = 0;
  double memory_clock_hz = 0;
  double copy_bytes_per_s = 0;  ///< Read plus written.
  double read_bytes_per_s = 0;
  double write_bytes_per_s = 0;
  double launch_s = 0;
  std::vector<CudaMatmul> matmuls;
  std::vector<CudaAllReduce> all_reduces;
  std::vector<CudaYardstick> yardsticks;
  /// Largest error of the products that were timed, as product_error counts it, by precision.
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): plain data
  double largest_error[kCudaPrecisions] = {kNothingChecked, kNothingChecked, kNothingChecked, kNothingChecked,
                                           kNothingChecked};
};

/// The entry point's name and type. Returns whether something was measured; `result.error` says why not.
constexpr const char* kCudaEntry = "spotmix_measure_cuda";
using CudaEntry = bool (*)(const CudaRequest& request, CudaResult& result);

}  // namespace spotmix::gpu
