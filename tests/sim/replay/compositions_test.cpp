// Groups of several instance types: what is bought, and how fast it trains.
#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace test = spotmix::sim::test;

namespace {

/// `fast` at $12 and `slow` at $0.40 an hour as spot, three times that on demand, a pool of each.
Experiment fast_or_slow(int count, std::vector<Compositions::Entry> compositions) {
  Pool fast = test::pool();
  fast.instance_type = "fast";
  fast.spot_price = constant_series(usd_per_hour(12));
  fast.on_demand_price = constant_series(usd_per_hour(36));
  Pool slow = test::pool();
  slow.instance_type = "slow";
  slow.spot_price = constant_series(usd_per_hour(0.4));
  slow.on_demand_price = constant_series(usd_per_hour(1.2));
  Experiment experiment = test::scene({fast, slow});
  Group& group = test::group(experiment);
  group.count = count;
  group.types = {0, 1};
  experiment.mixes[0].compositions = Compositions(std::move(compositions));
  return experiment;
}

Compositions::Entry of(int fast, int slow, double speed) {
  return {{fast, slow}, {speed}};
}

}  // namespace

TEST_CASE("A gang trains at the speed of the instances that run", "[rule 16]") {
  const test::Run run = test::run(fast_or_slow(1, {of(1, 0, 1), of(0, 1, 0.05)}));
  CHECK(run.outcome.time_to_train == hours{200});
  CHECK(run.outcome.cost == from_usd(200 * 0.4));
}

TEST_CASE("What the gang could not train with is not bought", "[rule 16]") {
  const Experiment either = fast_or_slow(1, {of(1, 0, 1), of(0, 1, 0)});
  CHECK(test::run(either).outcome.cost == from_usd(10 * 12));
  // Not even where there is nothing else at the moment.
  Experiment later = either;
  later.market.pools[0].capacity = test::series<int>({{Duration{0}, 0}, {hours{5}, 1}});
  const test::Run waited = test::run(later);
  CHECK(waited.outcome.time_to_train == hours{15});
  CHECK(waited.outcome.cost == from_usd(10 * 12));
}

TEST_CASE("An instance is bought if the gang trains with it once it is complete", "[rule 16]") {
  // Slow ones do not do alone; the second of two is fast.
  const test::Run run = test::run(fast_or_slow(2, {of(2, 0, 2), of(1, 1, 1), of(0, 2, 0)}));
  CHECK(run.outcome.time_to_train == hours{10});
  CHECK(run.outcome.cost == from_usd(10 * 12.4));
}

TEST_CASE("A policy does not count on spot that the gang cannot train with", "[rule 16]") {
  Experiment experiment = fast_or_slow(1, {of(1, 0, 1), of(0, 1, 0)});
  experiment.mixes[0].policy.name = "spot_only";
  experiment.market.pools[0].capacity = test::series<int>({{Duration{0}, 0}, {hours{5}, 1}});
  CHECK(test::run(experiment).outcome.time_to_train == hours{15});
}

TEST_CASE("An elastic gang changes its speed with what it has", "[rule 16]") {
  Experiment experiment =
      fast_or_slow(2, {of(1, 0, 0.6), of(0, 1, 0.1), of(1, 1, 0.5), of(2, 0, 1), of(0, 2, 0.2)});
  experiment.mixes[0].gang.kind = GangKind::elastic;
  experiment.market.pools[1].capacity = test::series<int>({{Duration{0}, 1}});
  experiment.market.pools[0].capacity = test::series<int>({{Duration{0}, 1}, {hours{8}, 0}, {hours{18}, 1}});
  // Together for 8 h at 0.5, the slow one alone for 10 h at 0.1, together again.
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{18} + hours{10});
}

TEST_CASE("An elastic gang that trains takes no instance with which it could not", "[rule 16]") {
  Experiment experiment =
      fast_or_slow(2, {of(1, 0, 0.5), of(2, 0, 1), of(1, 1, 0), of(0, 1, 0), of(0, 2, 0)});
  experiment.mixes[0].gang.kind = GangKind::elastic;
  experiment.market.pools[0].capacity = test::series<int>({{Duration{0}, 1}});
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{20});
  CHECK(run.outcome.cost == from_usd(20 * 12));
}

TEST_CASE("Checkpoints take as long as on the instances that run") {
  Experiment experiment = fast_or_slow(1, {of(1, 0, 1), of(0, 1, 1)});
  CheckpointSpec& checkpoint = experiment.mixes[0].recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = hours{2};
  const auto with_times = [&](Duration slow_write, Duration slow_read) {
    Compositions::Entry slow = of(0, 1, 1);
    slow.composition.checkpoint.write = slow_write;
    slow.composition.checkpoint.read = slow_read;
    Compositions::Entry fast = of(1, 0, 1);
    fast.composition.checkpoint.write = minutes{1};
    fast.composition.checkpoint.read = minutes{3};
    experiment.mixes[0].compositions = Compositions({slow, fast});
    return test::run(experiment).outcome.time_to_train;
  };
  // Four checkpoints before the end.
  CHECK(with_times(minutes{10}, minutes{0}) == hours{10} + minutes{40});
  // The slow one is lost after 5 h; the fast one reads what is saved, 4 h of work, and writes its own.
  experiment.market.pools[1].capacity = test::series<int>({{Duration{0}, 1}, {hours{5}, 0}});
  CHECK(with_times(minutes{10}, minutes{30}) == hours{5} + minutes{3} + hours{6} + minutes{2});
}

TEST_CASE("Traffic between zones is that of the instances that run", "[rule 12]") {
  Experiment experiment = fast_or_slow(2, {});
  experiment.market.pools[1].zone = "b";
  experiment.market.pools[1].capacity = test::series<int>({{Duration{0}, 1}});
  Compositions::Entry both = of(1, 1, 0.5);
  both.composition.ring_traffic = 0.25;
  both.composition.cross_zone_speed = 0.8;
  experiment.mixes[0].compositions = Compositions({of(2, 0, 1), both, of(0, 2, 1)});
  experiment.mixes[0].surroundings.cross_zone_per_boundary = usd_per_hour(8);
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{25});  // 10 h ÷ (0.5 × 0.8)
  // Two boundaries, at a quarter of the busiest gang's traffic, slowed as the steps are.
  CHECK(to_usd(run.cost_by_purchase.transfer) == Approx(2 * 8 * 25 * 0.25 * 0.8));
}

TEST_CASE("A policy plans with the speed of what on demand buys") {
  // On demand buys the slow ones, on which 10 h of the fast one's work take 40 h.
  Experiment experiment = fast_or_slow(1, {of(1, 0, 1), of(0, 1, 0.25)});
  experiment.mixes[0].policy.name = "greedy";
  experiment.mixes[0].policy.decision_interval = hours{1};
  experiment.deadline = hours{50};
  for (Pool& pool : experiment.market.pools) pool.capacity = test::series<int>({{Duration{0}, 0}});
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{50});
  CHECK(run.outcome.cost == from_usd(40 * 1.2));
}

TEST_CASE("A composition has the same results on any number of threads") {
  Experiment experiment = fast_or_slow(2, {of(2, 0, 1), of(1, 1, 0.4), of(0, 2, 0.1)});
  for (Pool& pool : experiment.market.pools)
    pool.lifetime = std::shared_ptr<const LifetimeModel>(exponential_lifetime(0.1));
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  experiment.replications = 200;
  const auto with_threads = [&](unsigned jobs) {
    BatchOptions options;
    options.jobs = jobs;
    const BatchResult result = run_batch(experiment, options);
    return std::pair(result.mixes[0].fingerprint, result.mixes[0].cost_usd->mean);
  };
  CHECK(with_threads(1) == with_threads(4));
}
