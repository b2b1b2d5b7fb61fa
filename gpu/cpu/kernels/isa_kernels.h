// The arithmetic of the processor part, compiled once per instruction set and chosen when the program runs.
//
// Matrices are row-major; leading dimensions are in elements. One file per instruction set is compiled with
// that set's flags (see gpu/CMakeLists.txt); nothing compiled with them may be shared with another file, so
// each of them gives Eigen's namespace its own name.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace spotmix::gpu {

/// c (m × n) = a · b, where a is m × k, or k × m when `a_transposed`; b likewise.
struct MatmulCall {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  const float* a = nullptr;
  std::int64_t a_leading = 0;
  bool a_transposed = false;
  const float* b = nullptr;
  std::int64_t b_leading = 0;
  bool b_transposed = false;
  float* c = nullptr;
  std::int64_t c_leading = 0;
};

struct IsaKernels {
  const char* name;                             ///< "avx512", "avx2", "baseline".
  bool (*supported)();                          ///< By the processor that runs this.
  void (*matmul)(const MatmulCall&);            ///< Eigen, one thread.
  float (*multiply_adds)(std::int64_t rounds);  ///< Multiply-adds on registers alone; returns their sum.
  double flop_per_round;
  const char* library;  ///< "eigen-3.4", as compiled.
};

/// The sets this processor has, the widest first; never empty.
std::vector<const IsaKernels*> supported_kernels();

/// Best FLOP per second of one core over `seconds` of multiply-adds that touch no memory: the peak that this
/// core reaches at the clock it then runs at.
double core_peak_flop_per_s(const IsaKernels& kernels, double seconds);

}  // namespace spotmix::gpu
