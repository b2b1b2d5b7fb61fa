// Instances that will end and are replaced before, and what is drawn for those that start together.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "sim/market/lifetime.h"
#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Two instances in zone a until 4:00; zone b has one place, and a second from 3:52 on.
Experiment second_replacement_is_late() {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = series<int>({{Duration{0}, 2}, {hours{4}, 0}});
  b.capacity = series<int>({{Duration{0}, 1}, {hours{3} + minutes{52}, 2}});
  Experiment experiment = scene({a, b});
  experiment.market.rebalance_lead = minutes{10};
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 2;
  mix.launch.replace_before_termination = true;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{8};
  mix.recovery.checkpoint.write = minutes{1};
  return experiment;
}

bool changes_at(const Pool& pool, Time at) {
  const auto has = [&](const auto& series) {
    return std::binary_search(series.at.begin(), series.at.end(), at);
  };
  return has(pool.capacity) || has(pool.spot_price);
}

}  // namespace

TEST_CASE("A rigid gang trains on the old instances until the last of their replacements is ready") {
  const Run r = run(second_replacement_is_late());
  CHECK(r.times(TimelineKind::instance_running) ==
        std::vector<Duration>{Duration{}, Duration{}, hours{3} + minutes{48}, hours{3} + minutes{52}});
  CHECK(r.time.lost_work == Duration{0});
  CHECK(r.time.waiting == Duration{0});
  CHECK(r.time.checkpoint == minutes{1});
  CHECK(r.outcome.interruptions == 0);
  CHECK(r.outcome.time_to_train == hours{10} + minutes{1});
}

TEST_CASE("An elastic gang does not shrink while instances that will end still work") {
  Experiment experiment = second_replacement_is_late();
  experiment.mixes[0].gang.kind = GangKind::elastic;
  const Run r = run(experiment);
  CHECK(r.time.lost_work == Duration{0});
  CHECK(r.outcome.time_to_train == hours{10} + minutes{1});
}

TEST_CASE("A replacement that arrives while an elastic gang reconfigures does not cost what is in memory") {
  Experiment experiment = second_replacement_is_late();
  Mix& mix = experiment.mixes[0];
  // A third instance, which is lost at 3:51 without replacement, makes the gang reconfigure over 3:52.
  Pool c = pool("c");
  c.capacity = series<int>({{Duration{0}, 1}, {hours{3} + minutes{51}, 0}, {hours{20}, 1}});
  experiment.market.pools.push_back(c);
  experiment.market.rebalance_lead = minutes{10};
  Group third;
  third.pools = {2};
  mix.groups.push_back(third);
  mix.gang.kind = GangKind::elastic;
  mix.gang.reconfigure = minutes{5};
  const Run r = run(experiment);
  CHECK(r.time.lost_work == Duration{0});
}

TEST_CASE("Instances that are launched together live lives of their own however long they are pending") {
  for (const Duration pending : {Duration{0}, Duration{seconds{30}}}) {
    Experiment experiment = scene();
    experiment.market.pools[0].lifetime = exponential_lifetime(0.5);
    Mix& mix = experiment.mixes[0];
    mix.groups[0].count = 8;
    mix.gang.kind = GangKind::elastic;
    mix.launch.pending = pending;
    const Run r = run(experiment);
    const std::vector<Duration> ends = r.times(TimelineKind::interrupted);
    CHECK(ends.size() >= 8);
    CHECK(std::set<Time>(ends.begin(), ends.end()).size() == ends.size());
  }
}

TEST_CASE("A hazard too small to matter within the horizon ends no instance") {
  Experiment experiment = scene();
  experiment.market.pools[0].lifetime = exponential_lifetime(1e-9);
  experiment.market.zone_reclaims = {hours{1'000'000}, 1.0};
  for (std::uint64_t i = 0; i < 20; ++i) CHECK(run(experiment, i).outcome.interruptions == 0);
}

TEST_CASE("A service's fee is by the second with a minimum of a minute whatever the instance's rules",
          "[rule 10]") {
  Experiment experiment = scene();
  experiment.market.pools[0].service_fee = usd_per_hour(0.25);
  experiment.billing.granularity = experiment.billing.minimum = hours{1};
  experiment.mixes[0].work = hours{2} + minutes{30};
  const Run r = run(experiment);
  CHECK(r.cost_by_purchase.service_fee == charge(usd_per_hour(0.25), hours{2} + minutes{30}));
  CHECK(r.cost_by_purchase.spot == charge(usd_per_hour(1), hours{3}));
}

TEST_CASE("No instance is taken before the change of its pool that was announced") {
  for (std::uint64_t number = 0; number < 400; ++number) {
    INFO(number);
    Experiment experiment = RandomScene(number).make();
    experiment.market.notice = minutes{2};
    experiment.market.rebalance_lead = minutes{10};
    experiment.mixes[0].launch.replace_before_termination = true;
    const Run r = run(experiment);
    for (const TimelineEvent& event : r.events(TimelineKind::interrupted)) {
      const bool with_its_group = experiment.mixes[0].groups[0].launch_together;
      REQUIRE((with_its_group || changes_at(experiment.market.pools[event.pool], event.at)));
    }
  }
}
