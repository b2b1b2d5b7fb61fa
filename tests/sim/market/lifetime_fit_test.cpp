// Hazards estimated from run lengths: the likeliest parameters, censored runs, and how good they are.
#include "sim/market/lifetime_fit.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "base/random/random.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

/// Lives drawn from a model and seen for `window` hours at most.
std::vector<ObservedLife> observed(const LifetimeModel& model, std::uint64_t count, double window) {
  std::vector<ObservedLife> lives;
  RandomStream random(5, 0, 0, Purpose::interruption);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Duration drawn = model.draw(random);
    const bool ended = drawn < from_hours(window);
    lives.push_back({ended ? drawn : from_hours(window), ended});
  }
  return lives;
}

double mean_drawn(const FittedLifetime& fit) {
  constexpr int kDraws = 100'000;
  RandomStream random(7, 0, 0, Purpose::interruption);
  const auto model = fit.model();
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += to_hours(model->draw(random));
  return sum / kDraws;
}

}  // namespace

TEST_CASE("The estimate of Kaplan and Meier is as computed by hand") {
  // At 1 h one of four ends; the one cut off at 2 h leaves two at risk at 3 h.
  const std::vector<ObservedLife> lives = {
      {hours{3}, true}, {hours{1}, true}, {hours{2}, false}, {hours{5}, true}};
  const KaplanMeier estimate = kaplan_meier(lives);
  CHECK(estimate.length_hours == std::vector<double>{1, 3, 5});
  REQUIRE(estimate.survival.size() == 3);
  CHECK(estimate.survival[0] == Approx(3.0 / 4));
  CHECK(estimate.survival[1] == Approx(3.0 / 8));
  CHECK(estimate.survival[2] == 0);
  CHECK(estimate.mean_hours == Approx(1 + 2 * 0.75 + 2 * 0.375));
  // Beyond 1 h lie 2.25 h of it, beyond 3 h 0.75 h; at 5 h the last one ends and nothing is left.
  CHECK(estimate.mean_error_hours == Approx(std::sqrt(2.25 * 2.25 / (4 * 3) + 0.75 * 0.75 / (2 * 1))));
}

TEST_CASE("The exponential rate is the ends over all hours lived with those of censored runs") {
  const std::vector<ObservedLife> lives = {{hours{2}, true}, {hours{4}, true}, {hours{14}, false}};
  const auto fits = fit_lifetimes(lives);
  REQUIRE(fits);
  CHECK(fits->ended == 2);
  CHECK(fits->cut_off == 1);
  const FittedLifetime& fit = fits->forms[0];
  CHECK(fit.per_hour == Approx(0.1));
  CHECK(fit.log_likelihood == Approx(2 * std::log(0.1) - 2));
  CHECK(fit.aic == Approx(2 - 2 * fit.log_likelihood));
  CHECK(fit.mean_hours == Approx(10));
  // S is 1 until 2 h, 2/3 until 4 h, then 1/3.
  CHECK(fit.kolmogorov_smirnov == Approx(std::exp(-0.4) - 1.0 / 3));
}

TEST_CASE("A fit finds a Weibull law again even where the trace cuts off a third of the lives") {
  for (const double shape : {0.6, 1.0, 2.5}) {
    const auto fits = fit_lifetimes(observed(*weibull_lifetime(shape, 5), 20'000, 6));
    REQUIRE(fits);
    CHECK(fits->cut_off > 3000);
    const FittedLifetime& fit = fits->forms[1];
    CHECK(fit.shape == Approx(shape).epsilon(0.03));
    CHECK(fit.scale_hours == Approx(5).epsilon(0.03));
    CHECK(fit.kolmogorov_smirnov < 0.015);
    if (shape != 1.0) CHECK(fits->best == 1);
  }
}

TEST_CASE("The Weibull's likelihood has its greatest value where the fit says") {
  const std::vector<ObservedLife> lives = observed(*weibull_lifetime(1.7, 3), 500, 4);
  const FittedLifetime fit = fit_lifetimes(lives)->forms[1];
  const auto log_likelihood = [&](double shape, double scale) {
    double sum = 0;
    for (const ObservedLife& life : lives) {
      const double x = to_hours(life.length) / scale;
      if (life.ended) sum += std::log(shape / scale) + (shape - 1) * std::log(x);
      sum -= std::pow(x, shape);
    }
    return sum;
  };
  CHECK(log_likelihood(fit.shape, fit.scale_hours) == Approx(fit.log_likelihood));
  for (const double factor : {0.97, 1.03}) {
    CHECK(log_likelihood(fit.shape * factor, fit.scale_hours) < fit.log_likelihood);
    CHECK(log_likelihood(fit.shape, fit.scale_hours * factor) < fit.log_likelihood);
  }
}

TEST_CASE("A bathtub is told from laws without a cap and drawn lives have the trace's mean") {
  const auto fits = fit_lifetimes(observed(*bathtub_lifetime({0.4, 3, 0.02, 0.5, 2, 24}), 5000, 1000));
  REQUIRE(fits);
  REQUIRE(fits->best == 2);
  const FittedLifetime& fit = fits->forms[2];
  CHECK(fit.bathtub.early_per_hour == Approx(0.4).epsilon(0.1));
  CHECK(fit.bathtub.early_hours == Approx(3).epsilon(0.1));
  CHECK(fit.bathtub.middle_per_hour == Approx(0.02).epsilon(0.15));
  CHECK(fit.bathtub.cap_hours == Approx(24).epsilon(0.001));
  CHECK(mean_drawn(fit) == Approx(fits->observed.mean_hours).epsilon(0.02));
}

TEST_CASE("Lives drawn from a fitted source have the mean of those that it was fitted to") {
  const auto agree = [](const LifetimeModel& model, LifetimeForm form) {
    const auto fits = fit_lifetimes(observed(model, 10'000, 1000));
    REQUIRE(fits);
    const FittedLifetime& fit = fits->forms[static_cast<std::size_t>(form)];
    CHECK(mean_drawn(fit) == Approx(fits->observed.mean_hours).epsilon(0.02));
    CHECK(mean_drawn(fit) == Approx(fit.mean_hours).epsilon(0.02));
  };
  agree(*exponential_lifetime(0.3), LifetimeForm::exponential);
  agree(*weibull_lifetime(0.7, 2), LifetimeForm::weibull);
  agree(*weibull_lifetime(3, 2), LifetimeForm::weibull);
}

TEST_CASE("Equal lengths make the steepest Weibull that a scenario takes and no ends make no fit") {
  const std::vector<ObservedLife> equal(10, {hours{4}, true});
  const auto fits = fit_lifetimes(equal);
  REQUIRE(fits);
  CHECK(fits->forms[1].shape == 100);
  CHECK(fits->forms[1].mean_hours == Approx(4).epsilon(0.01));
  CHECK_FALSE(fit_lifetimes(std::vector<ObservedLife>{{hours{4}, false}}));
  CHECK_FALSE(fit_lifetimes({}));
}

TEST_CASE("A life that began before the trace is left out and one that outlasts it is cut off") {
  AvailabilitySeries series;
  series.at = {Time{}, Time{hours{2}}, Time{hours{3}}, Time{hours{7}}, Time{hours{8}}};
  series.value = {1, 0, 1, 0, 1};
  series.end = Time{hours{10}};
  LifeSample sample;
  append_lives(series, sample);
  CHECK(sample.left_out == 1);
  REQUIRE(sample.lives.size() == 2);
  CHECK(sample.lives[0].length == hours{4});
  CHECK(sample.lives[0].ended);
  CHECK(sample.lives[1].length == hours{2});
  CHECK_FALSE(sample.lives[1].ended);
}
