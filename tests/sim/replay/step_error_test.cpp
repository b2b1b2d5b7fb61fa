// The known error of the step time: one draw for each device, model and software and replication.
#include <algorithm>
#include <cmath>
#include <memory>

#include <catch2/catch.hpp>

#include "base/random/normal.h"
#include "sim/replay/job_draws.h"
#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

constexpr double kSigma = 0.4;

/// Ten hours on demand, give or take.
Experiment uncertain() {
  Experiment experiment = scene();
  group(experiment).purchase = Purchase::on_demand;
  experiment.mixes[0].step_error = {kSigma, "device / model / software"};
  return experiment;
}

/// The logarithm of the time of each replication of a mix, over ten hours.
std::vector<double> deviations(const Experiment& experiment, std::size_t mix, std::uint64_t replications) {
  Replication replay(experiment, mix);
  std::vector<double> all;
  for (std::uint64_t r = 0; r < replications; ++r)
    all.push_back(std::log(to_hours(replay.run(r).time_to_train) / 10));
  return all;
}

/// A policy that keeps what it is told.
class Listener final : public Policy {
 public:
  struct Heard {
    Duration work;
    Duration done;
    Duration saved;
  };

  void begin(const JobFacts& facts, Outlook&) override {
    facts_ = &facts;
    heard.clear();
    ratios.clear();
  }
  Decision decide(const Observation& seen) override {
    heard.push_back({facts_->work, seen.done, seen.saved});
    return {Choice::configured};
  }
  void rescale(double ratio) override { ratios.push_back(ratio); }

  std::vector<Heard> heard;
  std::vector<double> ratios;

 private:
  const JobFacts* facts_ = nullptr;
};

}  // namespace

TEST_CASE("The logarithm of the time spreads around the mix's own as its step error says") {
  std::vector<double> all = deviations(uncertain(), 0, 4000);
  double sum = 0;
  double squares = 0;
  for (const double x : all) {
    sum += x;
    squares += x * x;
  }
  CHECK(sum / 4000 == Approx(0).margin(4 * kSigma / std::sqrt(4000)));
  CHECK(std::sqrt(squares / 4000) == Approx(kSigma).epsilon(0.05));
  std::sort(all.begin(), all.end());
  CHECK(all[2000] == Approx(0).margin(0.03));
}

TEST_CASE("On demand the cost follows the drawn step time") {
  const Experiment experiment = uncertain();
  Replication replay(experiment, 0);
  for (std::uint64_t r = 0; r < 20; ++r) {
    const ReplicationOutcome outcome = replay.run(r);
    CHECK(to_usd(outcome.cost) == Approx(3 * to_hours(outcome.time_to_train)).margin(0.001));
  }
}

TEST_CASE("Mixes of one stream share the draw whatever their place and deviation") {
  Experiment experiment = uncertain();
  experiment.mixes.push_back(experiment.mixes[0]);
  experiment.mixes.push_back(experiment.mixes[0]);
  experiment.mixes[1].step_error.sigma = 2 * kSigma;
  experiment.mixes[2].step_error.stream = "another device / model / software";
  const auto first = deviations(experiment, 0, 50);
  const auto second = deviations(experiment, 1, 50);
  const auto third = deviations(experiment, 2, 50);
  int alike = 0;
  for (std::size_t r = 0; r < 50; ++r) {
    CHECK(second[r] == Approx(2 * first[r]).margin(1e-9));
    alike += std::abs(third[r] - first[r]) < 0.01 ? 1 : 0;
  }
  CHECK(alike < 10);
  std::swap(experiment.mixes[0], experiment.mixes[2]);
  CHECK(deviations(experiment, 2, 50) == first);
}

TEST_CASE("No draw makes a job longer than its limit") {
  Experiment experiment = uncertain();
  experiment.mixes[0].step_error.sigma = 3;
  experiment.mixes[0].step_error.most = 1.5;
  experiment.horizon = hours{24};
  for (const double deviation : deviations(experiment, 0, 50)) CHECK(deviation <= std::log(1.5) + 1e-9);
}

TEST_CASE("Traffic between zones follows the steps and not the time that they take") {
  Experiment experiment = scene({pool("a"), pool("b")});
  Group half = group(experiment);
  half.pools = {1};
  group(experiment).pools = {0};
  experiment.mixes[0].groups.push_back(half);
  experiment.mixes[0].surroundings.cross_zone_per_boundary = usd_per_hour(0.5);
  const Money even = run(experiment).cost_by_purchase.transfer;
  REQUIRE(even > Money{});
  experiment.mixes[0].step_error = {kSigma, "device / model / software"};
  for (std::uint64_t r = 0; r < 10; ++r) {
    const Run uneven = run(experiment, r);
    CHECK(std::abs(to_hours(uneven.outcome.time_to_train) - 10) > 0.01);
    CHECK(to_usd(uneven.cost_by_purchase.transfer) == Approx(to_usd(even)));
  }
}

TEST_CASE("Policies reckon with two deviations more until they have seen one checkpoint interval") {
  Experiment experiment = uncertain();
  experiment.deadline = hours{40};
  Mix& mix = experiment.mixes[0];
  mix.policy.decision_interval = minutes{10};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = minutes{60};
  auto owned = std::make_unique<Listener>();
  const Listener& listener = *owned;
  Replication replay(experiment, 0, std::move(owned));
  for (std::uint64_t r = 0; r < 10; ++r) {
    const ReplicationOutcome outcome = replay.run(r);
    const double drawn_h = to_hours(outcome.time_to_train);
    const double planned_h = 10 * std::exp(2 * kSigma);
    REQUIRE(listener.heard.size() > 8);
    // The seventh decision is an hour after the start.
    for (std::size_t i = 0; i < listener.heard.size(); ++i) {
      const Listener::Heard& heard = listener.heard[i];
      const double seen_h = static_cast<double>(i) / 6;
      CHECK(to_hours(heard.work) == Approx(i < 6 ? planned_h : drawn_h));
      CHECK(to_hours(heard.done) / to_hours(heard.work) == Approx(seen_h / drawn_h));
    }
    REQUIRE(listener.ratios.size() == 1);
    CHECK(listener.ratios[0] == Approx(drawn_h / planned_h));
  }
}

TEST_CASE("Deadline policies are late only if the step time is off by more than they reckon with") {
  Experiment experiment = scene();
  experiment.mixes[0].step_error = {kSigma, "device / model / software"};
  experiment.deadline = hours{60};
  experiment.market.pools[0].capacity = series<int>({{Duration{0}, 0}});
  Mix& mix = experiment.mixes[0];
  for (const char* policy : {"pair_amortize", "pair_amortize_avg", "greedy", "uniform_progress"}) {
    mix.policy.name = policy;
    mix.policy.decision_interval = minutes{10};
    for (std::uint64_t r = 0; r < 200; ++r) {
      INFO(policy << ", replication " << r);
      const ReplicationOutcome outcome = run(experiment, r).outcome;
      const bool on_time = outcome.finished() && outcome.time_to_train <= hours{60};
      CHECK((on_time || step_error_draw(experiment, mix.step_error, r) > 2));
    }
  }
}
