// Expectations with a closed form: means over many replications agree within three standard errors, at a
// fixed seed.
#include <cmath>

#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "sim/market/lifetime.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

constexpr std::uint64_t kReplications = 100'000;

/// Whether a summary's mean lies within three standard errors of `expected`.
bool agrees(const SampleSummary& summary, double expected) {
  const double standard_error = *summary.stddev / std::sqrt(static_cast<double>(kReplications));
  INFO("mean " << summary.mean << ", expected " << expected << ", standard error " << standard_error);
  const bool within = std::abs(summary.mean - expected) <= 3 * standard_error;
  CHECK(within);
  return within;
}

/// Instances end after exponential lifetimes of rate `per_hour`; there is always another.
Experiment exponential_scene(double per_hour) {
  Pool market = pool();
  market.lifetime = exponential_lifetime(per_hour);
  Experiment experiment = scene({market});
  experiment.market.notice = Duration{0};
  experiment.horizon = hours{24 * 3650};
  experiment.replications = kReplications;
  return experiment;
}

/// The expected wall time of `work` hours under interruptions of rate `rate` per hour, with a checkpoint of
/// `write` hours after every `interval` hours but the last, and a restart of `restart` hours that can be
/// interrupted too: each segment is a geometric retry, e^(rate R) (e^(rate s) − 1) ÷ rate hours for a segment
/// of s hours (Daly 2006, equation 13); the first segment starts with the restart as well.
double expected_hours(double rate, double work, double interval, double write, double restart) {
  const auto segment = [&](double s) { return std::exp(rate * restart) * (std::exp(rate * s) - 1) / rate; };
  const double segments = std::ceil(work / interval);
  const double last = work - (segments - 1) * interval;
  double hours = (segments - 1) * segment(interval + write) + segment(last);
  // Only the first segment begins after a set-up that happens whatever comes: its expected time is
  // (e^(rate (R + s)) − 1) ÷ rate, of which the formula has counted e^(rate R) (e^(rate s) − 1) ÷ rate.
  hours += (std::exp(rate * restart) - 1) / rate;
  return hours;
}

}  // namespace

TEST_CASE("Exponential interruptions with periodic checkpoints: time and cost are Daly's") {
  constexpr double kRate = 0.15;
  Experiment experiment = exponential_scene(kRate);
  experiment.billing.first_hour_free = false;
  experiment.billing.minimum = Duration{0};
  experiment.billing.granularity = Duration{1};
  CheckpointSpec& checkpoint = experiment.mixes[0].recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = minutes{60};
  checkpoint.write = minutes{6};
  experiment.mixes[0].recovery.restart = minutes{12};
  const MixResult mix = run_batch(experiment).mixes[0];
  const double hours = expected_hours(kRate, 10, 1, 0.1, 0.2);
  agrees(*mix.time_to_train_s, hours * 3600);
  agrees(*mix.cost_usd, hours);  // one instance at $1/h, always running
}

TEST_CASE("Without checkpoints the whole job is one geometric retry") {
  constexpr double kRate = 0.15;
  Experiment experiment = exponential_scene(kRate);
  const MixResult mix = run_batch(experiment).mixes[0];
  agrees(*mix.time_to_train_s, (std::exp(kRate * 10) - 1) / kRate * 3600);
  agrees(*mix.interruptions, std::exp(kRate * 10) - 1);
}

TEST_CASE("RULES 2: the expected bill with a free first hour") {
  // Each life is billed unless it ends within its first hour. The last one, which finishes, is billed as it
  // is.
  constexpr double kRate = 0.3;
  constexpr double kWork = 5;
  Experiment experiment = exponential_scene(kRate);
  experiment.mixes[0].work = hours{5};
  experiment.billing.minimum = Duration{0};
  experiment.billing.granularity = Duration{1};
  const MixResult mix = run_batch(experiment).mixes[0];
  const double failures = std::exp(kRate * kWork) - 1;
  // E[life · 1(1 ≤ life < work)] ÷ P(life < work), for an exponential life.
  const auto partial = [&](double a, double b) {
    const auto antiderivative = [&](double t) { return -(t + 1 / kRate) * std::exp(-kRate * t); };
    return antiderivative(b) - antiderivative(a);
  };
  const double billed_per_failure = partial(1, kWork) / (1 - std::exp(-kRate * kWork));
  agrees(*mix.cost_usd, failures * billed_per_failure + kWork);
}

TEST_CASE("A rigid gang of n is interrupted n times as often") {
  constexpr double kRate = 0.02;
  Experiment experiment = exponential_scene(kRate);
  experiment.mixes[0].groups[0].count = 8;
  const MixResult mix = run_batch(experiment).mixes[0];
  agrees(*mix.time_to_train_s, (std::exp(8 * kRate * 10) - 1) / (8 * kRate) * 3600);
}

TEST_CASE("An elastic fleet is a birth-death chain") {
  // Each of n slots holds one instance after another, with exponential lives of rate λ that count from the
  // start of a boot of length b. The age of the one that is there is exponential too, so it is up with
  // probability u = e^(−λ b), and at each moment the number up is binomial (n, u). The gang trains at the
  // speed of its number when that is at least m: work goes on at E[k · 1(k ≥ m)] ÷ n.
  constexpr double kRate = 0.5;
  constexpr double kBoot = 0.5;
  constexpr int kCount = 6;
  constexpr int kMinimum = 4;
  Experiment experiment = exponential_scene(kRate);
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = kCount;
  mix.launch.boot = from_hours(kBoot);
  mix.launch.retry = Duration{0};
  mix.gang.kind = GangKind::elastic;
  mix.gang.min_units = kMinimum;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  mix.work = hours{2000};
  experiment.replications = 2000;
  const MixResult result = run_batch(experiment).mixes[0];

  const double up = std::exp(-kRate * kBoot);
  double speed = 0;
  for (int k = kMinimum; k <= kCount; ++k) {
    const double ways = std::tgamma(kCount + 1) / (std::tgamma(k + 1) * std::tgamma(kCount - k + 1));
    speed += k * ways * std::pow(up, k) * std::pow(1 - up, kCount - k) / kCount;
  }
  // 2,000 hours of work wash out the start, in which nothing is up: half an hour in 3,000.
  const double standard_error = *result.time_to_train_s->stddev / std::sqrt(2000.0);
  CHECK(std::abs(result.time_to_train_s->mean - 2000 / speed * 3600) <= 3 * standard_error + kBoot * 3600);
}

TEST_CASE("Weibull and bathtub lifetimes have the means that they state") {
  const auto mean_of = [](const LifetimeModel& model) {
    RandomStream random(9, 0, 0, Purpose::interruption);
    double sum = 0;
    double squares = 0;
    for (std::uint64_t i = 0; i < kReplications; ++i) {
      const double hours = to_hours(model.draw(random));
      sum += hours;
      squares += hours * hours;
    }
    const double n = kReplications;
    const double mean = sum / n;
    const double error = std::sqrt((squares / n - mean * mean) / n);
    INFO("mean " << mean << ", stated " << model.mean_hours());
    CHECK(std::abs(mean - model.mean_hours()) <= 3 * error);
  };
  mean_of(*exponential_lifetime(0.25));
  mean_of(*weibull_lifetime(0.7, 5));
  mean_of(*weibull_lifetime(2.5, 5));
  mean_of(*bathtub_lifetime({0.4, 3, 0.02, 0.5, 2, 24}));
}

TEST_CASE("RULES 20: a monthly frequency is the chance of one interruption in 730 hours") {
  for (const double fraction : {0.05, 0.10, 0.15, 0.20}) {
    CHECK(1 - std::exp(-hazard_of_monthly_frequency(fraction) * 730) == Approx(fraction));
  }
}
