// How often a gang loses instances, as the market tells before any replay.
#include "sim/fleet/interruption_rate.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

TEST_CASE("A gang of n under a constant hazard is interrupted n times as often as one instance") {
  Pool market = pool();
  market.lifetime = exponential_lifetime(0.05);
  Experiment experiment = scene({market});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 8;
  CHECK(interruption_rate(experiment.market, mix).total_per_h() == Approx(0.4));
  mix.groups[0].weights = {4};
  CHECK(interruption_rate(experiment.market, mix).hazards_per_h == Approx(0.1));
  mix.policy.name = "on_demand";
  CHECK(interruption_rate(experiment.market, mix).total_per_h() == 0);
}

TEST_CASE("Of a zone's reclaims those count that take at least one instance") {
  Experiment experiment = scene();
  experiment.market.zone_reclaims = {hours{10}, 0.5};
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 3;
  CHECK(interruption_rate(experiment.market, mix).reclaims_per_h == Approx((1 - 0.125) / 10));
}

TEST_CASE("A trace interrupts a group when its pool no longer holds all of it") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 1}, {hours{3}, 4}, {hours{6}, 3}}, hours{10});
  Experiment experiment = scene({market});
  Mix& mix = experiment.mixes[0];
  // One instance is never lost; three are at 2:00, after which they can run from 3:00 to 10:00; four also at
  // 6:00.
  CHECK(interruption_rate(experiment.market, mix).traces_per_h == 0);
  mix.groups[0].count = 3;
  CHECK(interruption_rate(experiment.market, mix).traces_per_h == Approx(1.0 / 9));
  mix.groups[0].count = 4;
  CHECK(interruption_rate(experiment.market, mix).traces_per_h == Approx(2.0 / 5));
}

TEST_CASE("A group that no pool ever holds is taken to be spread evenly over all of them") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.capacity = series<int>({{Duration{0}, 2}, {hours{4}, 1}}, hours{8});
  b.capacity = series<int>({{Duration{0}, 2}}, hours{8});
  Experiment experiment = scene({a, b});
  experiment.mixes[0].groups[0].count = 4;
  // Two in each: one loss in twelve pool-hours, and two pools at a time.
  CHECK(interruption_rate(experiment.market, experiment.mixes[0]).traces_per_h == Approx(2.0 / 12));
}

TEST_CASE("A price that passes the maximum interrupts only if there is a maximum") {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 1.0}, {hours{4}, 2.0}, {hours{5}, 1.0}});
  market.spot_price.end = Time{hours{9}};
  Experiment experiment = scene({market});
  Mix& mix = experiment.mixes[0];
  CHECK(interruption_rate(experiment.market, mix).traces_per_h == 0);
  mix.groups[0].max_price = usd_per_hour(1.5);
  CHECK(interruption_rate(experiment.market, mix).traces_per_h == Approx(1.0 / 8));
}
