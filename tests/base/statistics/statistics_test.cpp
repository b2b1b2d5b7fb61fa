#include <catch2/catch.hpp>

#include "base/statistics/intervals.h"
#include "base/statistics/quantile.h"

namespace spotmix {
namespace {

TEST_CASE("A quantile between two values lies on the line through them unless one of them is asked for") {
  const std::vector<double> sample{1, 2, 3, 4, 10};
  // Hyndman and Fan's type 7, as R and NumPy compute it: numpy.quantile(sample, 0.9) = 7.6.
  CHECK(quantile(sample, 0.9) == Approx(7.6));
  CHECK(quantile(sample, 0.9, Between::lower) == 4);
  CHECK(quantile(sample, 0.9, Between::upper) == 10);
}

TEST_CASE("A quantile that falls on a value is that value in every manner") {
  const std::vector<double> sample{1, 2, 3, 4, 10};
  for (const Between between : {Between::linear, Between::lower, Between::upper}) {
    CHECK(quantile(sample, 0, between) == 1);
    CHECK(quantile(sample, 0.75, between) == 4);
    CHECK(quantile(sample, 1, between) == 10);
    CHECK(quantile(std::vector<double>{7}, 0.3, between) == 7);
  }
}

TEST_CASE("The median of an even number is the mean of the middle two and the upper median the upper one") {
  CHECK(median({9, 1, 4, 2}) == 3);
  CHECK(upper_median({9, 1, 4, 2}) == 4);
  CHECK(median({9, 1, 4}) == 4);
  CHECK(upper_median({9, 1, 4}) == 4);
  CHECK(median({5}) == 5);
}

TEST_CASE("A weighted quantile is the first value with at least that share of the weight up to it") {
  const std::vector<std::pair<int, std::int64_t>> prices{{1, 50}, {2, 45}, {3, 5}};
  CHECK(weighted_quantile(prices, 0) == 1);
  CHECK(weighted_quantile(prices, 50) == 1);
  CHECK(weighted_quantile(prices, 51) == 2);
  CHECK(weighted_quantile(prices, 95) == 2);
  CHECK(weighted_quantile(prices, 96) == 3);
  CHECK(weighted_quantile(prices, 100) == 3);
}

TEST_CASE("Weights whose sum times a hundred exceeds 64 bits still count") {
  const std::vector<std::pair<int, std::int64_t>> prices{{1, 3'000'000'000'000'000'000},
                                                         {2, 3'000'000'000'000'000'001}};
  CHECK(weighted_quantile(prices, 50) == 2);
}

TEST_CASE("The interval of Wilson agrees with published values and stays within 0 and 1") {
  // Newcombe 1998, table I: 81 of 263 → 0.2553 to 0.3662; 0 of 20 → 0 to 0.1611.
  CHECK(wilson_95(81, 263)[0] == Approx(0.2553).margin(5e-5));
  CHECK(wilson_95(81, 263)[1] == Approx(0.3662).margin(5e-5));
  CHECK(wilson_95(0, 20)[0] == 0);
  CHECK(wilson_95(20, 20)[1] == 1);
  CHECK(wilson_95(0, 20)[1] == Approx(0.1611).margin(5e-5));
}

TEST_CASE("The quantiles of Student agree with the printed tables") {
  // NIST/SEMATECH e-Handbook, table 1.3.6.7.2.
  CHECK(student_quantile(1, 0.975) == Approx(12.706).margin(5e-4));
  CHECK(student_quantile(4, 0.975) == Approx(2.776).margin(5e-4));
  CHECK(-student_quantile(30, 0.001) == Approx(3.385).margin(5e-4));
}

}  // namespace
}  // namespace spotmix
