#include "models/convergence/convergence.h"

#include <cmath>

#include <catch2/catch.hpp>

using namespace spotmix::models;

TEST_CASE("ResNet takes about 35 epochs at small batches and about 86 at 65536") {
  const ConvergenceCurve* resnet = find_convergence("resnet");
  REQUIRE(resnet != nullptr);
  CHECK(training_need(*resnet, 3264).amount == Approx(35.2).epsilon(0.06));
  CHECK(training_need(*resnet, 64480).amount == Approx(86.1).epsilon(0.06));
  CHECK_FALSE(training_need(*resnet, 8192).extrapolated);
  CHECK(training_need(*resnet, 256).extrapolated);
  CHECK(samples_to_target(*resnet, 8192).value() == Approx(41 * 1281167.0).epsilon(0.06));
}

TEST_CASE("Larger batches never need less data") {
  for (const ConvergenceCurve& curve : convergence_curves()) {
    double last = 0;
    for (double batch = 1; batch < 1e6; batch *= 2) {
      CHECK(training_need(curve, batch).amount >= last);
      last = training_need(curve, batch).amount;
    }
    CHECK(curve.minimum > 0);
  }
}

TEST_CASE("The fit finds the curve that made its points") {
  std::vector<ConvergencePoint> points;
  for (const double batch : {256.0, 1024.0, 8192.0, 32768.0})
    points.push_back({batch, 40 * (1 + batch / 20000), 0.02});
  const ConvergenceCurve curve = fit_convergence("made", ConvergenceUnit::epochs, points);
  CHECK(curve.minimum == Approx(40));
  CHECK(curve.critical_batch == Approx(20000));
  CHECK(curve.curve_error == Approx(0).margin(1e-9));
}

TEST_CASE("Points of one batch say nothing about others") {
  const ConvergenceCurve curve =
      fit_convergence("one", ConvergenceUnit::epochs, {{256, 40, 0.1}, {256, 44, 0.1}});
  CHECK(std::isinf(curve.critical_batch));
  CHECK(training_need(curve, 4096).amount == Approx(42).epsilon(0.01));
}
