#include "sim/replay/chance.h"

#include <memory>

#include <catch2/catch.hpp>

#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

Chance chance(const Experiment& experiment) {
  return chance_of(experiment, experiment.mixes[0]);
}

Experiment on_demand() {
  Experiment experiment = scene();
  group(experiment).purchase = Purchase::on_demand;
  return experiment;
}

/// Spot at a price that moves, from a moment that is given.
Experiment traced() {
  Pool market = pool();
  market.spot_price = prices({{Duration{0}, 1}, {hours{3}, 2}});
  return scene({market});
}

void sample_starts(Experiment& experiment) {
  experiment.start.sampled = true;
  experiment.start.latest = Time{hours{24}};
}

}  // namespace

TEST_CASE("On demand and spot on a trace from a given moment leave nothing to chance") {
  CHECK(!chance(on_demand()).any());
  CHECK(!chance(traced()).any());
  Experiment binary = traced();
  binary.market.pools[0].capacity = series<int>({{Duration{0}, 1}, {hours{2}, 0}, {hours{4}, 1}});
  binary.market.pools[0].capacity_is_binary = true;
  group(binary).count = 4;
  CHECK(!chance(binary).any());
}

TEST_CASE("What takes spot instances by draws is chance for spot and none for on demand") {
  for (const Purchase purchase : {Purchase::spot, Purchase::on_demand}) {
    const bool spot = purchase == Purchase::spot;
    const auto market = [&](auto change) {
      Experiment experiment = traced();
      group(experiment).purchase = purchase;
      group(experiment).count = 3;
      change(experiment.market);
      return chance(experiment).market;
    };
    CHECK(market([](Market& m) { m.pools[0].lifetime = exponential_lifetime(0.1); }) == spot);
    CHECK(market([](Market& m) { m.zone_reclaims = {hours{5}, 0.5}; }) == spot);
    CHECK(market([](Market& m) { m.bootstrap.block = hours{2}; }) == spot);
    // Room for two of three: lots decide who goes.
    CHECK(market([](Market& m) {
            m.pools[0].capacity = series<int>({{Duration{0}, 3}, {hours{2}, 2}});
          }) == spot);
    CHECK(!market([](Market& m) { m.pools[0].capacity = series<int>({{Duration{0}, 3}, {hours{2}, 0}}); }));
  }
}

TEST_CASE("A sampled start is chance where a price or a capacity moves or reservations go by the clock") {
  Experiment still = on_demand();
  sample_starts(still);
  CHECK(!chance(still).any());
  Experiment reserved = still;
  group(reserved).purchase = Purchase::reserved;
  CHECK(chance(reserved).market);
  Experiment dated = still;
  dated.market.pools[0].on_demand_price = prices({{Duration{0}, 3}, {hours{12}, 2}});
  CHECK(chance(dated).market);
  Experiment moving = traced();
  sample_starts(moving);
  CHECK(chance(moving).market);
  Experiment beside = moving;
  group(beside).purchase = Purchase::on_demand;
  CHECK(!chance(beside).any());
}

TEST_CASE("A target that some runs reach earlier than others is chance for every mix") {
  Experiment experiment = on_demand();
  experiment.mixes[0].work_spread = 0.1;
  CHECK(!chance(experiment).market);
  CHECK(chance(experiment).convergence);
}

TEST_CASE("A step error is chance for its mix alone") {
  Experiment experiment = on_demand();
  experiment.mixes.push_back(experiment.mixes[0]);
  experiment.mixes[1].step_error = {0.2, "device / model / software"};
  CHECK(!chance(experiment).any());
  CHECK(chance_of(experiment, experiment.mixes[1]).step_time);
}

TEST_CASE("A mix that leaves nothing to chance comes to the same in every replication") {
  int certain = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    INFO("scene " << number);
    const Experiment experiment = RandomScene(number).make_wide();
    if (chance(experiment).any()) continue;
    ++certain;
    Replication replay(experiment, 0);
    const ReplicationOutcome first = replay.run(0);
    for (const std::uint64_t replication : {1U, 2U, 17U}) {
      const ReplicationOutcome other = replay.run(replication);
      CHECK(other.time_to_train == first.time_to_train);
      CHECK(other.cost == first.cost);
      CHECK(other.fingerprint == first.fingerprint);
    }
  }
  CHECK(certain > 20);
}
