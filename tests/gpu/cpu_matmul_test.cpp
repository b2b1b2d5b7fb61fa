#include <atomic>

#include <catch2/catch.hpp>

#include "gpu/cpu/host.h"
#include "gpu/cpu/matmul.h"

using namespace spotmix::gpu;
using spotmix::models::MatmulShape;
using spotmix::models::MatrixLayout;

namespace {

/// Odd sizes, every layout, one and several products.
const std::vector<MatmulShape>& hard_shapes() {
  static const std::vector<MatmulShape> kShapes{
      {1, 1, 1, 1, MatrixLayout::nn},     {33, 65, 17, 1, MatrixLayout::nn},
      {100, 7, 129, 1, MatrixLayout::nt}, {64, 129, 31, 1, MatrixLayout::tn},
      {127, 50, 63, 1, MatrixLayout::tt}, {48, 40, 24, 5, MatrixLayout::nt},
      {200, 96, 64, 2, MatrixLayout::tn}};
  return kShapes;
}

void check_products(const MatmulLibrary& library) {
  for (const MatmulShape& s : hard_shapes()) {
    RotatingData data(static_cast<std::size_t>(s.batch * (s.m * s.k + s.k * s.n)));
    const float* a = data.next(1);
    const float* b = a + s.batch * s.m * s.k;
    std::vector<float> c(static_cast<std::size_t>(s.batch * s.m * s.n), -7.0F);
    library.multiply(s, a, b, c.data());
    INFO(library.name << ' ' << s.m << ' ' << s.n << ' ' << s.k << ' ' << s.batch);
    CHECK(product_error(s, a, b, c.data(), static_cast<int>(c.size())) < 1e-5);
  }
}

}  // namespace

TEST_CASE(
    "Eigen multiplies correctly with every instruction set this processor has on one thread and several") {
  for (const IsaKernels* kernels : supported_kernels()) {
    for (const int threads : {1, 3}) {
      ThreadTeam team(threads);
      check_products(eigen_library(*kernels, team));
    }
  }
}

TEST_CASE("OpenBLAS multiplies correctly where the program was built with it") {
  const MatmulLibrary library = openblas_library(1);
  if (!library.multiply) {
    WARN("built without OpenBLAS");
    return;
  }
  CHECK(library.name.starts_with("openblas-"));
  check_products(library);
}

TEST_CASE("A wrong kernel is never timed") {
  const MatmulLibrary wrong{"wrong", [](const MatmulShape& s, const float*, const float*, float* c) {
                              std::fill_n(c, s.m * s.n, 0.0F);
                            }};
  CHECK_THROWS_WITH(time_products(wrong, {{64, 64, 64}}, {1 << 20, 10.0, now_s}),
                    Catch::StartsWith("wrong: wrong result for 64 x 64 x 64"));
}

TEST_CASE("Shapes for which no time is left are left out instead of guessed") {
  ThreadTeam team(1);
  const MatmulLibrary library = eigen_library(*supported_kernels().front(), team);
  CHECK(time_products(library, hard_shapes(), {1 << 20, 0.0, now_s}).empty());
  CHECK(time_products(library, hard_shapes(), {1 << 20, 5.0, now_s}).size() == hard_shapes().size());
}

TEST_CASE("Every member of a team works again and again") {
  ThreadTeam team(3);
  std::atomic<int> done{0};
  for (int round = 0; round < 1000; ++round) team.run([&](int member) { done += member + 1; });
  CHECK(done == 6000);
}

TEST_CASE("A core's peak is more with wider instructions than without") {
  const auto kernels = supported_kernels();
  CHECK(kernels.back()->name == std::string("baseline"));
  if (kernels.size() > 1)
    CHECK(core_peak_flop_per_s(*kernels.front(), 0.1) > 1.5 * core_peak_flop_per_s(*kernels.back(), 0.1));
}

TEST_CASE("A processor is named by its model with the family that tells generations apart") {
  const char* text =
      "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Example 8124M\nsiblings\t: 36\ncpu "
      "cores\t: 18\n";
  CHECK(processor_name(text) == "Example 8124M (family 6 model 85)");
  CHECK(threads_per_core(text) == 2);
  CHECK(processor_name("") == "unknown processor");
  CHECK(threads_per_core("") == 1);
}
