// Expectations with a closed form: means over many replications agree within three standard errors, at a
// fixed seed.
#include <cmath>
#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "sim/batch/statistics.h"
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

TEST_CASE("Exponential interruptions with checkpoints at Daly's interval: time and cost are Daly's") {
  constexpr double kRate = 0.15;
  constexpr double kWrite = 0.1;
  constexpr double kBoot = 0.05;
  constexpr double kRestart = 0.15;
  Experiment experiment = exponential_scene(kRate);
  experiment.billing.first_hour_free = false;
  experiment.billing.minimum = Duration{0};
  experiment.billing.granularity = Duration{1};
  Mix& mix = experiment.mixes[0];
  // Daly 2006, equation 37, for a write of δ and a mean time M between interruptions, δ < 2 M.
  const double mean = 1 / kRate;
  const double ratio = std::sqrt(kWrite / (2 * mean));
  const double interval = std::sqrt(2 * kWrite * mean) * (1 + ratio / 3 + ratio * ratio / 9) - kWrite;
  CheckpointSpec& checkpoint = mix.recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = from_hours(interval);
  checkpoint.write = from_hours(kWrite);
  mix.launch.boot = from_hours(kBoot);
  mix.recovery.restart = from_hours(kRestart);
  const MixResult result = run_batch(experiment).mixes[0];
  const double expected = expected_hours(kRate, 10, interval, kWrite, kBoot + kRestart);
  agrees(*result.time_to_train_s, expected * 3600);
  agrees(*result.cost_usd, expected);  // one instance at $1/h, always running
}

TEST_CASE("Without checkpoints the whole job is one geometric retry") {
  constexpr double kRate = 0.15;
  Experiment experiment = exponential_scene(kRate);
  const MixResult mix = run_batch(experiment).mixes[0];
  agrees(*mix.time_to_train_s, (std::exp(kRate * 10) - 1) / kRate * 3600);
  agrees(*mix.interruptions, std::exp(kRate * 10) - 1);
}

TEST_CASE("The expected bill with a free first hour", "[rule 2]") {
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

TEST_CASE("An elastic fleet is a birth-death chain from the start on") {
  // Each of n slots holds one instance after another, with exponential lives of rate λ that count from the
  // start of a boot of length b, and is filled again at once. Its losses are a Poisson process, so at any
  // time from b on it is up with probability u = e^(−λ b): no loss in the last b. The number up is then
  // binomial (n, u), the stationary law of the birth–death chain with births at (n − k) λ u ÷ (1 − u) and
  // deaths at k λ (which depends on the boots' mean alone). A gang that trains at the speed of its number
  // when that is at least m has done (T − b) Σ k P(k) ÷ n of work at T, exactly, without any edge.
  constexpr double kRate = 0.5;
  constexpr double kBoot = 0.5;
  constexpr double kUntil = 4;
  constexpr int kCount = 6;
  constexpr int kMinimum = 4;
  Experiment experiment = exponential_scene(kRate);
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = kCount;
  mix.launch.boot = from_hours(kBoot);
  mix.gang.kind = GangKind::elastic;
  mix.gang.min_units = kMinimum;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  mix.work = hours{1000};
  experiment.horizon = from_hours(kUntil);
  experiment.billing.first_hour_free = false;
  experiment.billing.minimum = Duration{0};
  experiment.billing.granularity = Duration{1};

  // The law of the number up, by the chain's detailed balance: P(k + 1) (k + 1) λ = P(k) (n − k) λ u ÷ (1 −
  // u).
  const double up = std::exp(-kRate * kBoot);
  std::vector<double> law{1};
  double sum = 1;
  for (int k = 0; k < kCount; ++k) {
    law.push_back(law.back() * (kCount - k) / (k + 1) * up / (1 - up));
    sum += law.back();
  }
  double speed = 0;
  for (int k = kMinimum; k <= kCount; ++k) speed += k * law[static_cast<std::size_t>(k)] / sum / kCount;

  Replication replication(experiment, 0);
  std::vector<double> work;
  for (std::uint64_t i = 0; i < kReplications; ++i) {
    replication.run(i);
    work.push_back(to_hours(replication.work_done()));
  }
  std::vector<double> scratch;
  agrees(summarize(work, scratch), (kUntil - kBoot) * speed);
  const MixResult result = run_batch(experiment).mixes[0];
  agrees(*result.interruptions, kCount * kRate * kUntil);
  // One instance or another is always there.
  CHECK(result.cost_usd->mean == Approx(kCount * kUntil));
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

TEST_CASE("A monthly frequency is the chance of one interruption in 730 hours", "[rule 20]") {
  for (const double fraction : {0.05, 0.10, 0.15, 0.20}) {
    CHECK(1 - std::exp(-hazard_of_monthly_frequency(fraction) * 730) == Approx(fraction));
  }
}
