#include <string>

#include "gpu/cpu/matmul.h"

#ifdef SPOTMIX_OPENBLAS
#include <cblas.h>
#endif

namespace spotmix::gpu {

#ifdef SPOTMIX_OPENBLAS

namespace {

using models::MatmulShape;
using models::MatrixLayout;

void multiply(const MatmulShape& s, const float* a, const float* b, float* c) {
  const bool a_transposed = s.layout == MatrixLayout::tn || s.layout == MatrixLayout::tt;
  const bool b_transposed = s.layout == MatrixLayout::nt || s.layout == MatrixLayout::tt;
  const auto size = [](std::int64_t value) { return static_cast<blasint>(value); };
  for (std::int64_t i = 0; i < s.batch; ++i) {
    cblas_sgemm(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans,
                b_transposed ? CblasTrans : CblasNoTrans, size(s.m), size(s.n), size(s.k), 1.0F,
                a + i * s.m * s.k, size(a_transposed ? s.m : s.k), b + i * s.k * s.n,
                size(b_transposed ? s.k : s.n), 0.0F, c + i * s.m * s.n, size(s.n));
  }
}

/// "OpenBLAS 0.3.21 NO_LAPACKE …" → "openblas-0.3.21".
std::string versioned_name() {
  const std::string text = openblas_get_config();
  const auto from = text.find(' ');
  if (from == std::string::npos) return "openblas";
  return "openblas-" + text.substr(from + 1, text.find(' ', from + 1) - from - 1);
}

}  // namespace

MatmulLibrary openblas_library(int threads) {
  openblas_set_num_threads(threads);
  return {versioned_name(), multiply};
}

#else

MatmulLibrary openblas_library(int) {
  return {};
}

#endif

}  // namespace spotmix::gpu
