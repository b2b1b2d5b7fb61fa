#include "sim/batch/spread.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "base/random/normal.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

constexpr Chance kAll{true, true, true};

/// What `of` makes of three independent standard normal draws: step error, convergence, market.
template <class Of>
SpreadSample sample(std::size_t size, Of of) {
  SpreadSample made;
  RandomStream random(21, 0, 0, Purpose::step_error);
  for (std::size_t i = 0; i < size; ++i) {
    const double step = standard_normal(random);
    const double convergence = standard_normal(random);
    made.step_errors.push_back(step);
    made.convergence.push_back(convergence);
    made.logarithms.push_back(of(step, convergence, standard_normal(random)));
  }
  return made;
}

}  // namespace

TEST_CASE("Shares of the spread are those of the variances that add up") {
  const auto shares = spread_shares(
      sample(4000, [](double step, double run, double market) { return 2 * step + run + 2 * market; }), kAll);
  REQUIRE(shares);
  CHECK(shares->step_time == Approx(4.0 / 9).margin(0.03));
  CHECK(shares->convergence == Approx(1.0 / 9).margin(0.02));
  CHECK(shares->market == Approx(4.0 / 9).margin(0.03));
  CHECK(shares->step_time + shares->convergence + shares->market == Approx(1));
}

TEST_CASE("A draw that matters on one side only is seen to matter") {
  const auto shares = spread_shares(
      sample(2000, [](double step, double, double market) { return std::max(0.0, step) + 0.01 * market; }),
      kAll);
  REQUIRE(shares);
  CHECK(shares->step_time > 0.95);
}

TEST_CASE("What a draw does not move has next to no share of the spread") {
  for (const std::size_t size : {30U, 300U, 3000U}) {
    const auto shares =
        spread_shares(sample(size, [](double, double, double market) { return market; }), kAll);
    REQUIRE(shares);
    CHECK(shares->market > (size < 100 ? 0.75 : 0.97));
  }
}

TEST_CASE("Where only one source is left to chance it has all of the spread") {
  const SpreadSample curved = sample(5, [](double step, double, double) { return step * step; });
  const auto shares = spread_shares(curved, {.step_time = true});
  REQUIRE(shares);
  CHECK(shares->step_time == 1);
  CHECK(shares->market == 0);
  CHECK(shares->convergence == 0);
  const auto two = spread_shares(sample(500, [](double step, double run, double) { return step + run; }),
                                 {false, true, true});
  REQUIRE(two);
  CHECK(two->market == 0);
  CHECK(two->step_time + two->convergence == Approx(1));
}

TEST_CASE("Shares of what does not vary and of few replications are not known") {
  CHECK_FALSE(spread_shares(sample(500, [](double, double, double) { return 7.0; }), kAll));
  CHECK_FALSE(spread_shares(sample(10, [](double step, double, double) { return step; }), kAll));
  CHECK_FALSE(spread_shares({}, kAll));
}
