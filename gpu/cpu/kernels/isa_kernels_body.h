// The body of each instruction set's file. Before including it, define
//   SPOTMIX_ISA           the set's name as an identifier, e.g. avx2
//   SPOTMIX_VECTOR_BYTES  bytes of one vector register
//   SPOTMIX_ACCUMULATORS  independent sums: enough to hide the latency of two multiply-add units
// Included by exactly those files: its code is compiled with flags that other machines may not run.
#define SPOTMIX_JOIN_(a, b) a##b
#define SPOTMIX_JOIN(a, b) SPOTMIX_JOIN_(a, b)
#define Eigen SPOTMIX_JOIN(Eigen_, SPOTMIX_ISA)
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_DEBUG

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <Eigen/Core>
#pragma GCC diagnostic pop

#include "gpu/cpu/kernels/isa_kernels.h"

namespace spotmix::gpu::SPOTMIX_ISA {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Input = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using Output = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

static void multiply(const MatmulCall& call) {
  Output c(call.c, call.m, call.n, Eigen::OuterStride<>(call.c_leading));
  const Input a(call.a, call.a_transposed ? call.k : call.m, call.a_transposed ? call.m : call.k,
                Eigen::OuterStride<>(call.a_leading));
  const Input b(call.b, call.b_transposed ? call.n : call.k, call.b_transposed ? call.k : call.n,
                Eigen::OuterStride<>(call.b_leading));
  if (call.a_transposed && call.b_transposed)
    c.noalias() = a.transpose() * b.transpose();
  else if (call.a_transposed)
    c.noalias() = a.transpose() * b;
  else if (call.b_transposed)
    c.noalias() = a * b.transpose();
  else
    c.noalias() = a * b;
}

constexpr int kLanes = SPOTMIX_VECTOR_BYTES / static_cast<int>(sizeof(float));
using Vector = float __attribute__((vector_size(SPOTMIX_VECTOR_BYTES)));

static float multiply_adds(std::int64_t rounds) {
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): a template drops the attribute of a vector
  Vector sums[SPOTMIX_ACCUMULATORS] = {};
  Vector factor = {}, term = {};
  for (int lane = 0; lane < kLanes; ++lane) {
    factor[lane] = 0.999F;
    term[lane] = 1.0F;
  }
  for (std::int64_t round = 0; round < rounds; ++round) {
    asm volatile("" : "+x"(factor));  // no two rounds may be merged
#pragma GCC unroll 32
    for (Vector& sum : sums) sum = sum * factor + term;
  }
  float total = 0.0F;
  for (const Vector& sum : sums)
    for (int lane = 0; lane < kLanes; ++lane) total += sum[lane];
  return total;
}

#define SPOTMIX_TEXT_(text) #text
#define SPOTMIX_TEXT(text) SPOTMIX_TEXT_(text)
constexpr const char* kLibrary =
    "eigen-" SPOTMIX_TEXT(EIGEN_WORLD_VERSION) "." SPOTMIX_TEXT(EIGEN_MAJOR_VERSION);

constexpr double kFlopPerRound = 2.0 * kLanes * SPOTMIX_ACCUMULATORS;

}  // namespace spotmix::gpu::SPOTMIX_ISA
