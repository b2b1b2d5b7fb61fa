// One replication at a time: what happens when, and what it costs, worked out by hand.
#include <catch2/catch.hpp>

#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// A pool whose capacity is `count` until `gone`, nothing until `back`, and `count` again.
Pool pool_with_gap(Duration gone, Duration back, int count = 1) {
  Pool result = pool();
  result.capacity = series<int>({{Duration{0}, count}, {gone, 0}, {back, count}});
  return result;
}

}  // namespace

TEST_CASE("An on-demand job takes pending and boot and set-up and work and pays from running on") {
  Experiment experiment = scene();
  group(experiment).purchase = Purchase::on_demand;
  experiment.mixes[0].launch.pending = minutes{1};
  experiment.mixes[0].launch.boot = minutes{6};
  experiment.mixes[0].recovery.restart = minutes{3};
  const Run r = run(experiment);
  CHECK(r.outcome.time_to_train == hours{10} + minutes{10});
  CHECK(r.outcome.cost == charge(usd_per_hour(3), hours{10} + minutes{9}));
  CHECK(r.cost_by_cause.useful + r.cost_by_cause.startup == r.outcome.cost);
  CHECK(r.time.startup == minutes{10});
  CHECK(r.time.useful == hours{10});
}

TEST_CASE("A capacity that goes takes the instance with it and the job starts over where it was saved") {
  Experiment experiment = scene({pool_with_gap(hours{4}, hours{6})});
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  experiment.mixes[0].recovery.checkpoint.interval = minutes{90};
  const Run r = run(experiment);
  CHECK(r.outcome.interruptions == 1);
  CHECK(r.times(TimelineKind::interrupted) == std::vector<Duration>{hours{4}});
  // Three hours were saved, one is lost, two are waited, seven are left.
  CHECK(r.outcome.time_to_train == hours{13});
  CHECK(r.time.lost_work == hours{1});
  CHECK(r.time.waiting == hours{2});
  CHECK(r.outcome.cost == from_usd(4 + 7));
  CHECK(r.cost_by_cause.lost_work == from_usd(1));
}

TEST_CASE("RULES 2 in a replay: an instance interrupted in its first hour is free") {
  const Run r = run(scene({pool_with_gap(minutes{50}, minutes{60})}));
  CHECK(r.outcome.cost == from_usd(10));
  CHECK(r.outcome.time_to_train == hours{11});
  REQUIRE(r.record.bill.size() == 2);
  CHECK(r.record.bill[0].amount == Money{});
}

TEST_CASE("The notice comes two minutes before the loss", "[rule 6]") {
  const Run r = run(scene({pool_with_gap(hours{4}, hours{6})}));
  CHECK(r.times(TimelineKind::notice) == std::vector<Duration>{hours{4} - minutes{2}});
  CHECK(r.times(TimelineKind::interrupted) == std::vector<Duration>{hours{4}});
}

TEST_CASE("An instance that starts within the notice time is told at once", "[rule 6]") {
  Pool late = pool();
  late.capacity = series<int>({{Duration{0}, 0}, {hours{1}, 1}, {hours{1} + seconds{30}, 0}, {hours{2}, 1}});
  const Run r = run(scene({late}));
  CHECK(r.times(TimelineKind::notice) == std::vector<Duration>{hours{1}});
  CHECK(r.times(TimelineKind::interrupted) == std::vector<Duration>{hours{1} + seconds{30}});
}

TEST_CASE("A checkpoint on notice saves the work when it fits in the time left") {
  Experiment experiment = scene({pool_with_gap(hours{4}, hours{6})});
  CheckpointSpec& checkpoint = experiment.mixes[0].recovery.checkpoint;
  checkpoint.on_notice = true;
  checkpoint.write = seconds{90};
  const Run fits = run(experiment);
  // Saved at 3:58, trained again from 3:59:30 to 4:00: those 30 s are lost.
  CHECK(fits.time.lost_work == seconds{30});
  CHECK(fits.time.checkpoint == seconds{90});
  CHECK(fits.outcome.time_to_train == hours{6} + hours{10} - (hours{4} - minutes{2}));
  checkpoint.write = seconds{121};
  const Run does_not_fit = run(experiment);
  CHECK(does_not_fit.time.lost_work == hours{4});
}

TEST_CASE("In the auction an instance runs while its maximum price is at or above the market price",
          "[rule 4]") {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 0.5}, {minutes{90}, 1.0}, {hours{3}, 1.0001}, {hours{5}, 0.4}});
  Experiment experiment = scene({market});
  experiment.market.regime = Regime::aws_auction;
  experiment.billing.whole_spot_hours = true;
  group(experiment).max_price = usd_per_hour(1.0);
  const Run r = run(experiment);
  CHECK(r.times(TimelineKind::interrupted) == std::vector<Duration>{hours{3}});
  // Hours from 0:00 at 0.5, 1:00 at 0.5, 2:00 at 1.0; from 5:00 ten hours at 0.4.
  CHECK(r.outcome.cost == from_usd(0.5 + 0.5 + 1.0 + 10 * 0.4));
}

TEST_CASE("Without a maximum price the auction's limit is the on-demand price", "[rule 4]") {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 0.5}, {hours{2}, 3.0}, {hours{4}, 3.1}, {hours{5}, 0.4}});
  Experiment experiment = scene({market});
  experiment.market.regime = Regime::aws_auction;
  CHECK(run(experiment).times(TimelineKind::interrupted) == std::vector<Duration>{hours{4}});
}

TEST_CASE("The lowest maximum prices end first when capacity falls in the auction", "[rule 4]") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 3}, {hours{4}, 1}, {hours{5}, 3}});
  Experiment experiment = scene({market});
  experiment.market.regime = Regime::aws_auction;
  Group high = group(experiment);
  high.max_price = usd_per_hour(9);
  Group low = group(experiment);
  low.count = 2;
  low.max_price = usd_per_hour(2);
  experiment.mixes[0].groups = {low, high};
  const Run r = run(experiment);
  std::vector<std::uint32_t> gone;
  for (const TimelineEvent& event : r.events(TimelineKind::interrupted)) gone.push_back(event.instance);
  CHECK(gone == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("In the smoothed regime a price interrupts only those who set a maximum", "[rule 5]") {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 1.0}, {hours{2}, 2.9}, {hours{3}, 1.0}});
  Experiment experiment = scene({market});
  CHECK(run(experiment).outcome.interruptions == 0);
  group(experiment).max_price = usd_per_hour(2.0);
  const Run limited = run(experiment);
  CHECK(limited.times(TimelineKind::interrupted) == std::vector<Duration>{hours{2}});
  CHECK(limited.outcome.time_to_train == hours{13});
}

TEST_CASE("A published price one digit above the maximum is no eviction", "[rule 5]") {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 9.042600}});
  market.on_demand_price = prices({{Duration{0}, 9.04259}});
  Experiment experiment = scene({market});
  group(experiment).max_price = usd_per_hour(9.04259);
  CHECK(run(experiment).outcome.time_to_train == hours{10});
}

TEST_CASE("A gang trains only while all its instances are up and the others wait and are paid") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 3}, {hours{3}, 4}});
  Experiment experiment = scene({market});
  group(experiment).count = 4;
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  CHECK(r.outcome.interruptions == 1);
  CHECK(r.outcome.time_to_train == hours{11});
  // Three instances for 11 h, one for 2 h and its replacement for 8 h.
  CHECK(r.outcome.cost == from_usd(33 + 2 + 8));
  CHECK(r.cost_by_cause.waiting == from_usd(3));
}

TEST_CASE("When a pool shrinks every instance is equally likely to go") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 3}, {hours{3}, 4}});
  Experiment experiment = scene({market});
  group(experiment).count = 4;
  std::array<int, 4> gone{};
  constexpr int kReplications = 4000;
  for (int r = 0; r < kReplications; ++r) {
    for (const TimelineEvent& event :
         run(experiment, static_cast<std::uint64_t>(r)).events(TimelineKind::interrupted)) {
      ++gone[event.instance];
    }
  }
  // Binomial(4000, 1/4): mean 1000, standard deviation 27.4; five of them.
  for (const int count : gone) CHECK(std::abs(count - 1000) < 137);
}

TEST_CASE("A binary capacity trace gives what the group asks for or capacity_when_available") {
  Pool market = pool_with_gap(hours{4}, hours{6});
  market.capacity_is_binary = true;
  Experiment experiment = scene({market});
  group(experiment).count = 16;
  CHECK(run(experiment).outcome.interruptions == 16);
  experiment.market.capacity_when_available = 15;
  experiment.horizon = hours{100};
  CHECK_FALSE(run(experiment).outcome.finished());
}

TEST_CASE("lowest_price takes the cheapest pool that has capacity", "[rule 16]") {
  Pool a = pool("a");
  Pool b = pool("b");
  Pool c = pool("c");
  a.spot_price = prices({{Duration{0}, 0.7}});
  b.spot_price = prices({{Duration{0}, 0.5}});
  b.capacity = constant_series(2);
  c.spot_price = prices({{Duration{0}, 0.6}});
  Experiment experiment = scene({a, b, c});
  group(experiment).count = 3;
  const Run r = run(experiment);
  std::vector<std::uint32_t> pools;
  for (const TimelineEvent& event : r.events(TimelineKind::launch_requested)) pools.push_back(event.pool);
  CHECK(pools == std::vector<std::uint32_t>{1, 1, 2});
}

TEST_CASE("Diversified spreads evenly and skips pools at or above on demand", "[rule 16]") {
  Pool a = pool("a");
  Pool b = pool("b");
  Pool c = pool("c");
  b.spot_price = prices({{Duration{0}, 3.0}});
  Experiment experiment = scene({a, b, c});
  group(experiment).count = 4;
  group(experiment).allocation = Allocation::diversified;
  const Run r = run(experiment);
  std::array<int, 3> held{};
  for (const TimelineEvent& event : r.events(TimelineKind::launch_requested)) ++held[event.pool];
  CHECK(held == std::array<int, 3>{2, 0, 2});
}

TEST_CASE("A launch without capacity fails and is tried again at the retry interval") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 0}, {minutes{7}, 1}});
  Experiment experiment = scene({market});
  experiment.mixes[0].launch.retry = minutes{5};
  const Run r = run(experiment);
  CHECK(r.times(TimelineKind::launch_failed) == std::vector<Duration>{Duration{}});
  CHECK(r.times(TimelineKind::launch_requested) == std::vector<Duration>{minutes{10}});
}

TEST_CASE("On-demand fallback buys what has been missing for the wait and keeps it") {
  Experiment experiment = scene({pool_with_gap(hours{4}, hours{6})});
  experiment.mixes[0].policy.name = "on_demand_fallback";
  experiment.mixes[0].policy.fallback_wait = minutes{30};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  CHECK(r.outcome.time_to_train == hours{10} + minutes{30});
  CHECK(r.cost_by_purchase.spot == from_usd(4));
  CHECK(r.cost_by_purchase.on_demand == from_usd(18));
}

TEST_CASE("spot_only waits for spot and decides on change or at intervals") {
  Experiment experiment = scene({pool_with_gap(hours{4}, hours{6})});
  experiment.mixes[0].policy.name = "spot_only";
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  CHECK(run(experiment).outcome.time_to_train == hours{12});
  experiment.mixes[0].policy.decision_interval = minutes{11};
  // The next decision after 6:00 is at 6:03.
  CHECK(run(experiment).outcome.time_to_train == hours{12} + minutes{3});
}

TEST_CASE("A policy that leaves an instance by choice saves the work first") {
  // Uniform progress buys on demand while spot is missing, and returns to spot when it is ahead again.
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 0}, {hours{2}, 1}});
  Experiment experiment = scene({market});
  experiment.deadline = hours{30};
  Mix& mix = experiment.mixes[0];
  mix.policy.name = "uniform_progress";
  mix.policy.decision_interval = minutes{10};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{5};
  mix.recovery.checkpoint.write = minutes{4};
  const Run r = run(experiment);
  CHECK(r.time.lost_work == Duration{0});
  REQUIRE(r.times(TimelineKind::stopped).size() == 2);
  CHECK(r.times(TimelineKind::checkpoint_begun).front() ==
        r.times(TimelineKind::stopped).front() - minutes{4});
  CHECK(r.cost_by_purchase.on_demand > Money{});
  CHECK(r.cost_by_purchase.spot > Money{});
}

TEST_CASE("A replication that runs out of trace is unfinished and what it used is billed") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 1}}, hours{8});
  const Run r = run(scene({market}));
  CHECK_FALSE(r.outcome.finished());
  CHECK(r.outcome.cost == from_usd(8));
  CHECK(r.times(TimelineKind::out_of_time) == std::vector<Duration>{hours{8}});
}

TEST_CASE("A job that completes at the moment it would lose its instance is complete") {
  const Run r = run(scene({pool_with_gap(hours{10}, hours{12})}));
  CHECK(r.outcome.time_to_train == hours{10});
  CHECK(r.outcome.interruptions == 0);
}

TEST_CASE("A simulation with more events than allowed stops with an error") {
  Experiment experiment = scene({pool_with_gap(hours{4}, hours{6})});
  experiment.mixes[0].policy.name = "spot_only";
  experiment.mixes[0].policy.decision_interval = seconds{1};
  experiment.max_events = 1000;
  CHECK_THROWS_AS(run(experiment), SimulationError);
}
