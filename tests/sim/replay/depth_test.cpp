// Fleets and gangs beyond the fixed one: weights, quotas, zones, launch groups, elasticity, drawn ends, other
// costs.
#include <map>

#include <catch2/catch.hpp>

#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

std::vector<std::uint32_t> pools_launched(const Run& r) {
  std::vector<std::uint32_t> pools;
  for (const TimelineEvent& event : r.events(TimelineKind::launch_requested)) pools.push_back(event.pool);
  return pools;
}

}  // namespace

TEST_CASE("Weighted launches take the cheapest pool per unit until the units are met", "[rule 16]") {
  Pool small = pool("a");
  Pool large = pool("b");
  small.spot_price = prices({{Duration{0}, 1.0}});
  large.spot_price = prices({{Duration{0}, 3.0}});
  large.capacity = constant_series(1);
  Experiment experiment = scene({small, large});
  group(experiment).count = 6;
  group(experiment).weights = {1, 4};
  // $0.75 a unit for the large one, of which there is one; two small ones make up the rest.
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{1, 0, 0});
}

TEST_CASE("The on-demand part is the base and the percentage of the rest rounded up", "[rule 16]") {
  CHECK(on_demand_units(10, 2, 50) == 6);
  CHECK(on_demand_units(10, 1, 25) == 4);  // 1 + ceil(2.25)
  CHECK(on_demand_units(3, 5, 0) == 3);
  CHECK(on_demand_units(7, 0, 0) == 0);
  CHECK(on_demand_units(7, 0, 100) == 7);
}

TEST_CASE("capacity_optimized takes the deepest pool and price_capacity_optimized the cheapest deep one",
          "[rule 16]") {
  Pool a = pool("a");
  Pool b = pool("b");
  Pool c = pool("c");
  a.spot_price = prices({{Duration{0}, 0.2}});
  b.spot_price = prices({{Duration{0}, 0.9}});
  c.spot_price = prices({{Duration{0}, 0.8}});
  a.capacity = constant_series(3);
  b.capacity = constant_series(9);
  c.capacity = constant_series(9);
  Experiment experiment = scene({a, b, c});
  group(experiment).allocation = Allocation::capacity_optimized;
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{1});
  group(experiment).allocation = Allocation::price_capacity_optimized;
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{2});
  group(experiment).allocation = Allocation::prioritized;
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{0});
}

TEST_CASE("No launch goes above the vCPU quota of its family class", "[rule 15]") {
  Pool a = pool("a");
  a.vcpus = 8;
  a.quota = 0;
  Pool other = pool("b");
  other.spot_price = prices({{Duration{0}, 2.0}});
  other.vcpus = 4;
  Experiment experiment = scene({a, other});
  experiment.market.quotas = {{"G", 20, 8}};
  group(experiment).count = 4;
  // Two of eight vCPUs fit in 20; the others go to the dearer pool, which has no quota.
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{0, 0, 1, 1});
}

TEST_CASE("A launch group starts only when all of it can and ends together", "[rule 17]") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 2}, {hours{1}, 3}, {hours{3}, 2}, {hours{5}, 3}});
  Experiment experiment = scene({market});
  group(experiment).count = 3;
  group(experiment).launch_together = true;
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  CHECK(r.times(TimelineKind::instance_running) ==
        std::vector<Duration>{hours{1}, hours{1}, hours{1}, hours{5}, hours{5}, hours{5}});
  CHECK(r.outcome.interruptions == 3);
  CHECK(r.outcome.time_to_train == hours{13});
}

TEST_CASE("A placement group is in the cheapest zone that has room for all of it", "[rule 17]") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = constant_series(3);
  b.capacity = constant_series(4);
  Experiment experiment = scene({a, b});
  group(experiment).count = 4;
  experiment.mixes[0].launch.single_zone = true;
  CHECK(pools_launched(run(experiment)) == std::vector<std::uint32_t>{1, 1, 1, 1});
}

TEST_CASE("A placement group leaves a zone that has lacked room for long") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 3}});
  Experiment experiment = scene({a, b});
  group(experiment).count = 4;
  Mix& mix = experiment.mixes[0];
  mix.launch.single_zone = true;
  mix.launch.leave_zone_after = minutes{30};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  CHECK(r.outcome.time_to_train == hours{10} + minutes{30});
  CHECK(r.times(TimelineKind::stopped).front() == hours{2} + minutes{30});
}

TEST_CASE("An elastic gang goes on with fewer instances at their speed after a pause") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 2}});
  Experiment experiment = scene({market});
  group(experiment).count = 4;
  Mix& mix = experiment.mixes[0];
  mix.gang.kind = GangKind::elastic;
  mix.gang.min_units = 2;
  mix.gang.reconfigure = minutes{3};
  const Run r = run(experiment);
  // Two hours at full speed, then eight hours of work at half speed.
  CHECK(r.outcome.time_to_train == hours{2} + minutes{3} + hours{16});
  CHECK(r.time.lost_work == Duration{0});
  mix.gang.survivors_hold_state = false;
  CHECK(run(experiment).time.lost_work == hours{2});
}

TEST_CASE("An elastic gang below its minimum waits") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 1}, {hours{3}, 3}});
  Experiment experiment = scene({market});
  group(experiment).count = 4;
  Mix& mix = experiment.mixes[0];
  mix.gang.kind = GangKind::elastic;
  mix.gang.min_units = 2;
  mix.gang.multiple_of = 2;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  // From 3:00 three are there, of which a whole multiple of two trains.
  CHECK(r.time.waiting == hours{1});
  CHECK(r.outcome.time_to_train == hours{3} + hours{16});
}

TEST_CASE("Templates use every instance and lose work only with the last whole pipeline") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 6}, {hours{2}, 5}, {hours{3}, 2}, {hours{4}, 6}});
  Experiment experiment = scene({market});
  group(experiment).count = 6;
  Mix& mix = experiment.mixes[0];
  mix.gang.kind = GangKind::templates;
  mix.gang.stages = 3;
  const Run r = run(experiment);
  // Five train from 2:00 to 3:00; then three are lost at once, more than the one pipeline that was left to
  // copy from.
  CHECK(r.time.lost_work == hours{3});
  CHECK(r.outcome.time_to_train == hours{14});
}

TEST_CASE("At a rebalance recommendation a replacement is launched before the instance ends") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = series<int>({{Duration{0}, 1}, {hours{4}, 0}});
  Experiment experiment = scene({a, b});
  experiment.market.rebalance_lead = minutes{10};
  Mix& mix = experiment.mixes[0];
  mix.launch.replace_before_termination = true;
  mix.launch.boot = minutes{5};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{8};
  mix.recovery.checkpoint.write = minutes{1};
  const Run r = run(experiment);
  CHECK(r.times(TimelineKind::rebalance_recommendation) == std::vector<Duration>{hours{4} - minutes{12}});
  CHECK(r.times(TimelineKind::instance_running) == std::vector<Duration>{Duration{}, hours{4} - minutes{12}});
  CHECK(r.outcome.interruptions == 0);
  CHECK(r.time.lost_work == Duration{0});
  // Both are billed while the replacement boots and the job is saved: 0:00 to 3:54, and 3:48 on.
  CHECK(r.times(TimelineKind::stopped).front() == hours{4} - minutes{6});
}

TEST_CASE("A reclaim takes a share of a zone's instances at once") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.capacity = constant_series(10);
  b.capacity = constant_series(10);
  Experiment experiment = scene({a, b});
  group(experiment).count = 20;
  experiment.market.zone_reclaims = {hours{5}, 1.0};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  std::map<Duration, int> at;
  for (const Duration t : r.times(TimelineKind::interrupted)) ++at[t];
  REQUIRE_FALSE(at.empty());
  for (const auto& [t, count] : at) CHECK(count == 10);
  CHECK(r.times(TimelineKind::notice).size() == r.times(TimelineKind::interrupted).size());
}

TEST_CASE("Bootstrapped histories differ between replications and keep the trace's availability") {
  Pool market = pool();
  market.capacity = CapacitySeries{};
  for (int i = 0; i < 100; ++i) {
    market.capacity.at.emplace_back(hours{4 * i});
    market.capacity.value.push_back(i % 4 == 0 ? 0 : 1);
  }
  // 12 h of every 16 h are available.
  market.capacity.end = Time{hours{400}};
  Experiment experiment = scene({market});
  experiment.market.bootstrap.block = hours{24};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  experiment.mixes[0].work = hours{300};
  experiment.horizon = hours{1000};
  std::map<Duration, int> times;
  double sum = 0;
  for (std::uint64_t r = 0; r < 200; ++r) {
    const Duration time = run(experiment, r).outcome.time_to_train;
    ++times[time];
    sum += to_hours(time) / 200;
  }
  CHECK(times.size() > 100);
  CHECK(sum == Approx(400).epsilon(0.02));
}

TEST_CASE("A bootstrapped history does not depend on the horizon that it is cut at") {
  Pool market = pool();
  market.capacity = CapacitySeries{};
  for (int i = 0; i < 100; ++i) {
    market.capacity.at.emplace_back(hours{4 * i});
    market.capacity.value.push_back(i % 2);
  }
  market.capacity.end = Time{hours{400}};
  Experiment experiment = scene({market});
  experiment.market.bootstrap.block = hours{5};
  experiment.market.rebalance_lead = hours{9};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  experiment.mixes[0].work = hours{60};
  for (std::uint64_t r = 0; r < 50; ++r) {
    experiment.horizon = hours{1000};
    const ReplicationOutcome far = run(experiment, r).outcome;
    REQUIRE(far.finished());
    experiment.horizon = far.time_to_train + hours{1};
    CHECK(run(experiment, r).outcome.fingerprint == far.fingerprint);
  }
}

TEST_CASE("A reservation is paid for every clock-hour and for none in the marginal view", "[rule 7]") {
  Pool market = pool();
  market.reserved_price = usd_per_hour(1.5);
  market.on_demand_price = constant_series(usd_per_hour(3));
  Experiment experiment = scene({market});
  group(experiment).purchase = Purchase::reserved;
  experiment.start.fixed = Time{minutes{30}};
  experiment.mixes[0].work = hours{2};
  const Run r = run(experiment);
  // 0:30 to 2:30 touches three clock-hours.
  CHECK(r.outcome.cost == from_usd(4.5));
  CHECK(r.cost_by_cause.useful == from_usd(3.0));
  CHECK(r.cost_by_cause.unused_commitment == from_usd(1.5));
  experiment.billing.reserved_view = ReservedView::marginal;
  CHECK(run(experiment).outcome.cost == Money{});
}

TEST_CASE("A service fee is paid per instance and on spot too", "[rule 10]") {
  Pool market = pool();
  market.service_fee = usd_per_hour(0.25);
  CHECK(run(scene({market})).outcome.cost == from_usd(10 + 2.5));
}

TEST_CASE("The bill has storage and requests and volumes and traffic between zones", "[rule 12]") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.capacity = constant_series(1);
  Experiment experiment = scene({a, b});
  group(experiment).count = 2;
  Mix& mix = experiment.mixes[0];
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{1};
  mix.surroundings.storage = usd_per_hour(0.1);
  mix.surroundings.per_checkpoint = from_usd(0.01);
  mix.surroundings.volume_per_instance = usd_per_hour(0.02);
  mix.surroundings.cross_zone_per_boundary = usd_per_hour(0.3);
  mix.surroundings.cross_zone_speed = 0.5;
  const Run r = run(experiment);
  CHECK(r.outcome.time_to_train == hours{20});
  CHECK(r.cost_by_purchase.spot == from_usd(40));
  CHECK(r.cost_by_purchase.storage == from_usd(20 * 0.1 + 19 * 0.01 + 2 * 20 * 0.02));
  // Two boundaries, for as many steps as ten hours of training in one zone take.
  CHECK(r.cost_by_purchase.transfer == from_usd(10 * 2 * 0.3));
  Money lines;
  for (const BillLine& line : r.record.bill) lines += line.amount;
  CHECK(lines == r.outcome.cost);
}
