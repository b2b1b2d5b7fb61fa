// Rules of the market that concern several pools or several mixes at once, each computed by hand.
#include <catch2/catch.hpp>

#include "sim/market/bootstrap.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Pools in zones "a" and "b", both of eight vCPUs under one quota.
Experiment two_pools_one_quota(int spot_vcpus, int on_demand_vcpus) {
  Pool a = pool("a");
  Pool b = pool("b");
  a.vcpus = b.vcpus = 8;
  a.quota = b.quota = 0;
  a.capacity = b.capacity = constant_series(2);
  Experiment experiment = scene({a, b});
  experiment.market.quotas = {{"p", spot_vcpus, on_demand_vcpus}};
  experiment.horizon = hours{24};
  return experiment;
}

std::size_t launches(const Run& r) {
  return r.times(TimelineKind::launch_requested).size();
}

ReplicationRecord story_of(const Experiment& experiment, std::size_t mix) {
  ReplicationRecord record;
  Replication replay(experiment, mix);
  replay.record_into(&record);
  replay.run(0);
  return record;
}

std::vector<Time> ends_in(const ReplicationRecord& record, std::uint32_t pool) {
  std::vector<Time> ends;
  for (const TimelineEvent& event : record.timeline) {
    if (event.kind == TimelineKind::interrupted && event.pool == pool) ends.push_back(event.at);
  }
  return ends;
}

}  // namespace

TEST_CASE("A quota is counted over all pools of its class: a launch group that exceeds it waits",
          "[rule 15]") {
  Experiment experiment = two_pools_one_quota(16, 16);
  Group& group = experiment.mixes[0].groups[0];
  group.launch_together = true;
  group.count = 3;  // each pool has room for two, the quota for two in all
  CHECK(launches(run(experiment)) == 0);
  group.purchase = Purchase::on_demand;
  CHECK(launches(run(experiment)) == 0);
  group.count = 2;
  CHECK(launches(run(experiment)) == 2);
  group.purchase = Purchase::spot;
  CHECK(launches(run(experiment)) == 2);
}

TEST_CASE("Spot is not available to a fleet that several pools would hold but their quota does not",
          "[rule 15]") {
  Experiment experiment = two_pools_one_quota(16, 64);
  Mix& mix = experiment.mixes[0];
  mix.policy.name = "spot_only";
  mix.groups[0].count = 3;
  CHECK(launches(run(experiment)) == 0);
  experiment.market.quotas[0].spot_vcpus = 24;
  CHECK(launches(run(experiment)) == 3);
}

TEST_CASE("Open requests count towards the quota and reserved instances towards that of on demand",
          "[rule 15]") {
  Experiment experiment = two_pools_one_quota(64, 16);
  Mix& mix = experiment.mixes[0];
  mix.launch.pending = hours{1};
  mix.groups.push_back(mix.groups[0]);
  mix.groups[0].purchase = Purchase::reserved;
  mix.groups[1].purchase = Purchase::on_demand;
  mix.groups[1].count = 2;
  const Run r = run(experiment);
  // One reserved and one on demand are pending from the start; the third would make 24 vCPUs.
  CHECK(launches(r) == 2);
  CHECK(r.events(TimelineKind::launch_failed).size() == 1);
}

TEST_CASE("A maximum price with weights is per unit of weight", "[rule 16]") {
  Pool small = pool("a");
  Pool large = pool("b");
  large.spot_price = prices({{Duration{0}, 3.0}, {hours{4}, 3.3}});
  Experiment experiment = scene({small, large});
  Group& group = experiment.mixes[0].groups[0];
  group.weights = {1, 4};
  group.count = 8;
  group.max_price = usd_per_hour(0.8);
  experiment.horizon = hours{24};
  const Run r = run(experiment);
  // $0.75 a unit in the large type until 4:00, then $0.825; $1 a unit in the small one.
  std::vector<std::uint32_t> pools;
  for (const TimelineEvent& event : r.events(TimelineKind::launch_requested)) pools.push_back(event.pool);
  CHECK(pools == std::vector<std::uint32_t>{1, 1});
  CHECK(r.times(TimelineKind::interrupted) == std::vector<Duration>{hours{4}, hours{4}});
}

TEST_CASE("A placement group on demand skips the zones in which nothing is sold", "[rule 17]") {
  Pool nothing = pool("a");
  nothing.on_demand_price = PriceSeries{};
  Experiment experiment = scene({nothing, pool("b")});
  Mix& mix = experiment.mixes[0];
  mix.launch.single_zone = true;
  mix.groups[0].purchase = Purchase::on_demand;
  mix.groups[0].count = 2;
  const Run r = run(experiment);
  CHECK(r.outcome.finished());
  CHECK(r.outcome.cost == from_usd(60));
}

TEST_CASE("The zone of a placement group is the cheapest for all its groups whatever else it offers",
          "[rule 17]") {
  // Zone a offers two types at $1 and $2; zone b one at $1.5: three instances cost $3 in a, $4.5 in b.
  Pool cheap = pool("a");
  Pool dear = pool("a");
  dear.spot_price = prices({{Duration{0}, 2.0}});
  dear.instance_type = "other";
  Pool single = pool("b");
  single.spot_price = prices({{Duration{0}, 1.5}});
  Experiment experiment = scene({cheap, dear, single});
  experiment.mixes[0].launch.single_zone = true;
  experiment.mixes[0].groups[0].count = 3;
  CHECK(run(experiment).outcome.cost == from_usd(30));
}

TEST_CASE("The surcharge of an operating system is paid on spot and on demand and is no part of the bid",
          "[rule 1]") {
  Pool market = pool();
  market.surcharge = usd_per_hour(0.5);
  Experiment experiment = scene({market});
  Group& group = experiment.mixes[0].groups[0];
  group.max_price = usd_per_hour(1.2);
  const Run spot = run(experiment);
  CHECK(spot.outcome.interruptions == 0);
  CHECK(spot.outcome.cost == from_usd(10 * 1.5));
  group.max_price.reset();
  group.purchase = Purchase::on_demand;
  CHECK(run(experiment).outcome.cost == from_usd(10 * 3.5));
}

TEST_CASE("Mixes share the luck of a zone and of a pool whatever other zones they name") {
  Experiment experiment = scene({pool("a"), pool("b"), pool("c")});
  experiment.market.zone_reclaims = {hours{1}, 1.0};
  experiment.market.notice = Duration{0};
  experiment.mixes[0].groups[0].pools = {1};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  experiment.mixes.push_back(experiment.mixes[0]);
  Group& both = experiment.mixes[1].groups[0];
  both.pools = {0, 1};
  both.allocation = Allocation::diversified;
  both.count = 2;
  const std::vector<Time> alone = ends_in(story_of(experiment, 0), 1);
  REQUIRE_FALSE(alone.empty());
  CHECK(ends_in(story_of(experiment, 1), 1).front() == alone.front());

  experiment.market.zone_reclaims = {};
  for (Pool& each : experiment.market.pools) each.lifetime = exponential_lifetime(2);
  experiment.mixes[1].groups[0].pools = {2, 1};
  CHECK(ends_in(story_of(experiment, 1), 1).front() == ends_in(story_of(experiment, 0), 1).front());
}

namespace {

/// Prices and capacity that change at odd moments for 100 h.
Market traced_market() {
  Pool market = pool();
  market.spot_price = PriceSeries{};
  market.capacity = CapacitySeries{};
  for (int i = 0; i < 120; ++i) {
    market.spot_price.at.emplace_back(minutes{47 * i});
    market.spot_price.value.push_back(usd_per_hour(0.5 + 0.01 * (i * 37 % 50)));
    market.capacity.at.emplace_back(minutes{49 * i});
    market.capacity.value.push_back(i % 5 == 0 ? 0 : 1 + i % 3);
  }
  market.spot_price.end = market.capacity.end = Time{hours{90}};
  Market result;
  result.pools = {market};
  return result;
}

}  // namespace

TEST_CASE("A bootstrapped history does not depend on how far ahead it was drawn") {
  Experiment experiment = scene();
  experiment.market = traced_market();
  experiment.market.bootstrap.block = hours{7};
  experiment.market.rebalance_lead = minutes{5};
  experiment.horizon = hours{2000};
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 2;
  mix.groups[0].max_price = usd_per_hour(0.9);
  mix.work = hours{40};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    const Run drawn = run(experiment, replication);

    BootstrappedMarket whole(experiment.market);
    whole.restart(experiment.seed, replication, Time{});
    whole.extend(Time{hours{3000}});
    Experiment replayed = experiment;
    replayed.market = whole.market();
    replayed.market.bootstrap = {};
    const Run traced = run(replayed, replication);

    CHECK(drawn.outcome.time_to_train == traced.outcome.time_to_train);
    CHECK(drawn.outcome.cost == traced.outcome.cost);
    CHECK(drawn.outcome.fingerprint == traced.outcome.fingerprint);
    CHECK(drawn.outcome.interruptions > 0);
  }
}

TEST_CASE(
    "A bootstrap refuses blocks that are longer than what the traces cover and markets without traces") {
  Market market = traced_market();
  market.bootstrap.block = hours{91};
  CHECK_THROWS_AS(BootstrappedMarket(market), std::invalid_argument);
  market.bootstrap.block = hours{90};
  CHECK_NOTHROW(BootstrappedMarket(market));
  market.pools = {pool()};
  CHECK_THROWS_AS(BootstrappedMarket(market), std::invalid_argument);
}

TEST_CASE("A relaunch is told with the progress that the job has kept") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 1}, {hours{4}, 0}, {hours{5}, 1}});
  Experiment experiment = scene({market});
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  for (const TimelineKind kind :
       {TimelineKind::launch_requested, TimelineKind::instance_running, TimelineKind::instance_ready}) {
    REQUIRE(r.events(kind).size() == 2);
    CHECK(r.events(kind)[0].progress == Duration{0});
    CHECK(r.events(kind)[1].progress == hours{4});
  }
}
