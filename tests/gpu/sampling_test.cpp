#include <set>
#include <tuple>

#include <catch2/catch.hpp>

#include "gpu/measure/sampler.h"
#include "gpu/measure/shapes.h"
#include "models/kernels/roofline.h"

using namespace spotmix::gpu;
using spotmix::models::MatmulShape;
using spotmix::models::MatrixLayout;

TEST_CASE("Median and percentiles interpolate between the sorted runs") {
  const Times times = summarize({5e-6, 1e-6, 4e-6, 2e-6, 3e-6});
  CHECK(times.median_s == Approx(3e-6));
  CHECK(times.p10_s == Approx(1.4e-6));
  CHECK(times.p90_s == Approx(4.6e-6));
  CHECK(times.count == 5);
  CHECK(summarize({7e-6}).p90_s == Approx(7e-6));
  CHECK_THROWS_AS(summarize({}), std::invalid_argument);
}

TEST_CASE("A run that is shorter than the clock can see is timed several at a time") {
  int calls = 0;
  SamplingPlan plan;
  plan.budget_s = 0.01;
  const Times times = sample(plan, [&] { ++calls; });
  CHECK(calls > 100 * times.count);
  CHECK(times.median_s < 1e-6);
}

TEST_CASE("A budget that is used up still leaves the fewest runs that make a median") {
  SamplingPlan plan;
  plan.budget_s = 0.0;
  CHECK(sample(plan, [] {}).count == 3);
}

TEST_CASE("A layer's three products have the same work") {
  const auto products = products_of_layer(32, 100, 10);
  REQUIRE(products.size() == 3);
  for (const MatmulShape& shape : products) CHECK(spotmix::models::matmul_flop(shape) == 2.0 * 32 * 100 * 10);
  CHECK(products[2] == MatmulShape{10, 100, 32, 1, MatrixLayout::tn});
}

TEST_CASE("The grid has each shape once within its limits with powers of two and odd sizes and batches") {
  const ShapeLimits limits{1e11, 1e8};
  const auto shapes = training_shapes(limits);
  std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, MatrixLayout>> seen;
  bool odd = false, batched = false;
  for (const MatmulShape& s : shapes) {
    CHECK(seen.insert({s.m, s.n, s.k, s.batch, s.layout}).second);
    CHECK(spotmix::models::matmul_flop(s) <= limits.max_flop);
    odd |= s.m % 2 == 1;
    batched |= s.batch > 1;
  }
  CHECK(shapes.size() > 200);
  CHECK(shapes.front() == MatmulShape{1024, 1024, 1024});
  CHECK(odd);
  CHECK(batched);
  CHECK(training_shapes(limits) == shapes);
}
