#include "bench/accuracy/linear_fit.h"

#include <catch2/catch.hpp>

using namespace spotmix::accuracy;

TEST_CASE("A fit finds latency and rate again and one outlier does not move it") {
  std::vector<FitRow> rows;
  for (int i = 1; i <= 40; ++i) rows.push_back({{1.0, static_cast<double>(i)}, 5.0 + 0.25 * i, 1.0});
  rows[7].measured *= 3;
  const std::vector<double> fitted = fit_non_negative(rows, 2);
  CHECK(fitted[0] == Approx(5.0).epsilon(0.01));
  CHECK(fitted[1] == Approx(0.25).epsilon(0.01));
}

TEST_CASE("A fit never gives a negative constant and without rows gives zeros") {
  std::vector<FitRow> rows;
  for (int i = 1; i <= 20; ++i) rows.push_back({{1.0, static_cast<double>(i)}, 10.0 - 0.3 * i, 1.0});
  for (const double constant : fit_non_negative(rows, 2)) CHECK(constant >= 0.0);
  CHECK(fit_non_negative({}, 2) == std::vector<double>{0.0, 0.0});
}
