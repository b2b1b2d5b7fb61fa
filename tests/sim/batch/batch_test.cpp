// Batches: the same bytes on any number of threads, statistics that agree with hand computation, fair
// comparison.
#include "sim/batch/batch.h"

#include <catch2/catch.hpp>

#include "sim/batch/statistics.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Two mixes over a pool that comes and goes, started at sampled times.
Experiment sampled_experiment() {
  Pool market = pool();
  market.capacity.end = Time{hours{400}};
  RandomStream random(5, 0, 0, Purpose::capacity_path);
  for (Time at{}; at < Time{hours{400}}; at += minutes{30 + static_cast<std::int64_t>(random.below(600))}) {
    market.capacity.at.push_back(at);
    market.capacity.value.push_back(static_cast<int>(random.below(4)));
  }
  Experiment experiment = scene({market});
  experiment.mixes[0].groups[0].count = 2;
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  Mix deadline = experiment.mixes[0];
  deadline.name = "deadline";
  deadline.policy.name = "uniform_progress";
  deadline.policy.decision_interval = minutes{10};
  experiment.mixes.push_back(deadline);
  experiment.deadline = hours{20};
  experiment.budget = from_usd(30);
  experiment.start.sampled = true;
  experiment.start.latest = Time{hours{300}};
  experiment.start.grid = minutes{10};
  experiment.replications = 500;
  return experiment;
}

bool same(const SampleSummary& a, const SampleSummary& b) {
  return a.mean == b.mean && a.stddev == b.stddev && a.p05 == b.p05 && a.p50 == b.p50 && a.p95 == b.p95 &&
         a.ci95 == b.ci95;
}

}  // namespace

TEST_CASE("A batch gives the same bits on any number of threads") {
  Experiment experiment = sampled_experiment();
  for (Mix& mix : experiment.mixes) mix.step_error = {0.3, "device / model / software"};
  BatchOptions options;
  options.keep_replications = true;
  options.jobs = 1;
  const BatchResult one = run_batch(experiment, options);
  for (const unsigned jobs : {2U, 3U, 7U}) {
    options.jobs = jobs;
    const BatchResult many = run_batch(experiment, options);
    for (std::size_t m = 0; m < one.mixes.size(); ++m) {
      CHECK(one.mixes[m].fingerprint == many.mixes[m].fingerprint);
      CHECK(same(*one.mixes[m].cost_usd, *many.mixes[m].cost_usd));
      CHECK(same(*one.mixes[m].time_to_train_s, *many.mixes[m].time_to_train_s));
      CHECK(one.mixes[m].cost_by_cause_usd.lost_work == many.mixes[m].cost_by_cause_usd.lost_work);
      CHECK(one.mixes[m].replications.size() == 500);
      CHECK(one.mixes[m].cost_spread->step_time > 0.1);
      CHECK(one.mixes[m].cost_spread->step_time == many.mixes[m].cost_spread->step_time);
      CHECK(one.mixes[m].time_spread->market == many.mixes[m].time_spread->market);
    }
  }
}

TEST_CASE("Fewer replications are the first ones of more") {
  Experiment experiment = sampled_experiment();
  BatchOptions options;
  options.keep_replications = true;
  const BatchResult many = run_batch(experiment, options);
  experiment.replications = 20;
  const BatchResult few = run_batch(experiment, options);
  for (std::size_t r = 0; r < 20; ++r) {
    CHECK(few.mixes[0].replications[r].fingerprint == many.mixes[0].replications[r].fingerprint);
  }
}

TEST_CASE("Mixes of one experiment share their starts so equal mixes have equal replications") {
  Experiment experiment = sampled_experiment();
  experiment.mixes[1] = experiment.mixes[0];
  const BatchResult result = run_batch(experiment);
  CHECK(result.mixes[0].fingerprint == result.mixes[1].fingerprint);
}

TEST_CASE("Another seed gives other replications") {
  Experiment experiment = sampled_experiment();
  const std::uint64_t first = run_batch(experiment).mixes[0].fingerprint;
  experiment.seed = 2;
  CHECK(run_batch(experiment).mixes[0].fingerprint != first);
}

TEST_CASE("The splits of the mean cost sum to the mean cost") {
  const BatchResult result = run_batch(sampled_experiment());
  for (const MixResult& mix : result.mixes) {
    const auto& cause = mix.cost_by_cause_usd;
    const auto& purchase = mix.cost_breakdown_usd;
    CHECK(cause.useful + cause.lost_work + cause.checkpoint + cause.startup + cause.waiting +
              *cause.transfer + *cause.storage + *cause.service_fee ==
          Approx(mix.cost_usd->mean));
    CHECK(purchase.spot + purchase.on_demand == Approx(mix.cost_usd->mean));
  }
}

TEST_CASE("Unfinished replications are counted and left out of the times") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 1}, {hours{12}, 0}}, hours{40});
  Experiment experiment = scene({market});
  experiment.start.sampled = true;
  experiment.start.latest = Time{hours{3}};
  experiment.start.grid = hours{1};
  experiment.replications = 400;
  const BatchResult result = run_batch(experiment);
  // Starts at 0, 1 and 2 h finish by 12 h; a start at 3 h does not.
  CHECK(result.mixes[0].finished.value == Approx(0.75).margin(0.1));
  CHECK(result.mixes[0].time_to_train_s->mean == Approx(36000));
  CHECK(result.mixes[0].time_to_train_s->stddev == 0.0);
}

TEST_CASE("A mix that cannot train is reported and not replayed") {
  Experiment experiment = scene();
  experiment.mixes.push_back(experiment.mixes[0]);
  experiment.mixes[0].infeasible_reason = "out of memory";
  const BatchResult result = run_batch(experiment);
  CHECK(result.mixes[0].infeasible_reason == "out of memory");
  CHECK_FALSE(result.mixes[0].cost_usd);
  CHECK(result.mixes[1].cost_usd->mean == Approx(10));
}

TEST_CASE("An error in a replication names the mix and the replication") {
  Experiment experiment = sampled_experiment();
  experiment.max_events = 50;
  experiment.mixes.erase(experiment.mixes.begin());
  CHECK_THROWS_WITH(run_batch(experiment), Catch::Contains("mix \"deadline\", replication"));
}

TEST_CASE("A batch stops when it is told to") {
  Experiment experiment = sampled_experiment();
  experiment.replications = 100'000;
  std::atomic<bool> stop{false};
  BatchOptions options;
  options.stop = &stop;
  options.on_progress = [&](std::uint64_t) { stop = true; };
  CHECK_THROWS_AS(run_batch(experiment, options), Interrupted);
}

TEST_CASE("The front holds the mixes that none beats in both time and cost") {
  BatchResult result;
  const auto add = [&](double time, double cost) {
    MixResult& mix = result.mixes.emplace_back();
    mix.time_to_train_s = SampleSummary{};
    mix.time_to_train_s->mean = time;
    mix.cost_usd = SampleSummary{};
    mix.cost_usd->mean = cost;
  };
  add(10, 5);
  add(5, 10);
  add(11, 6);
  add(10, 5);
  mark_pareto_front(result);
  std::vector<bool> front;
  for (const MixResult& mix : result.mixes) front.push_back(mix.on_pareto_front);
  CHECK(front == std::vector<bool>{true, true, false, true});
}

TEST_CASE("A summary has the textbook's mean and deviation and quantiles and t interval") {
  std::vector<double> scratch;
  const std::vector<double> sample{4, 1, 3, 2, 5};
  const SampleSummary summary = summarize(sample, scratch);
  CHECK(summary.mean == 3);
  CHECK(*summary.stddev == Approx(1.5811388));
  CHECK(summary.p05 == Approx(1.2));
  CHECK(summary.p50 == 3);
  CHECK(summary.p95 == Approx(4.8));
  CHECK(summary.min == 1.0);
  CHECK(summary.max == 5.0);
  CHECK(!summary.constant());
  // t(4 degrees, 97.5 %) = 2.776445.
  CHECK((*summary.ci95)[1] - 3 == Approx(2.776445 * 1.5811388 / std::sqrt(5.0)));
}

TEST_CASE("A sample of one has a mean and no spread") {
  std::vector<double> scratch;
  const std::vector<double> sample{4};
  const SampleSummary summary = summarize(sample, scratch);
  CHECK(summary.mean == 4);
  CHECK_FALSE(summary.stddev);
  CHECK_FALSE(summary.ci95);
  CHECK(summary.constant());
}

TEST_CASE("A mix that leaves nothing to chance is simulated once and its odds have no interval") {
  Experiment experiment = sampled_experiment();
  experiment.start.sampled = false;
  Mix& certain = experiment.mixes[0];
  certain.groups[0].purchase = Purchase::on_demand;
  BatchOptions options;
  options.keep_replications = true;
  const BatchResult result = run_batch(experiment, options);
  CHECK(result.replications == 500);
  const MixResult& once = result.mixes[0];
  CHECK(once.simulated == 1);
  CHECK(once.replications.size() == 1);
  CHECK(once.on_time->value == 1);
  CHECK_FALSE(once.on_time->ci95);
  CHECK_FALSE(once.finished.ci95);
  CHECK_FALSE(once.cost_usd->ci95);
  const MixResult& many = result.mixes[1];
  CHECK(many.simulated == 500);
  CHECK(many.replications.size() == 500);
  CHECK(many.on_time->ci95);
  // Nothing that varies is left.
  experiment.mixes.pop_back();
  CHECK(run_batch(experiment).replications == 1);
}

TEST_CASE("A single replication of a mix that varies keeps the interval of one toss") {
  Experiment experiment = sampled_experiment();
  experiment.replications = 1;
  const BatchResult result = run_batch(experiment);
  CHECK(result.mixes[0].simulated == 1);
  CHECK(result.mixes[0].finished.ci95);
}
