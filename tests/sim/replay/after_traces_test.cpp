// What happens after a trace has ended: its last part goes on by blocks, each replication its own.
#include <set>

#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "sim/market/bootstrap.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// A pool whose price is a new one each hour of ten days, and whose capacity comes and goes.
Pool traced_pool(const char* zone, Duration end = hours{240}) {
  Pool result = pool(zone);
  result.spot_price = PriceSeries{};
  result.capacity = CapacitySeries{};
  for (Duration at{0}; at < end; at += hours{1}) {
    result.spot_price.at.emplace_back(at);
    result.spot_price.value.push_back({1'000'000 * (1 + at / hours{1})});
    result.capacity.at.emplace_back(at);
    result.capacity.value.push_back(at / hours{1} % 12 == 11 ? 0 : 1);
  }
  result.spot_price.end = result.capacity.end = Time{end};
  return result;
}

Experiment going_on(std::vector<Pool> pools) {
  Experiment experiment = scene(std::move(pools));
  experiment.market.after_traces = {hours{24}, hours{24 * 5}};
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  return experiment;
}

}  // namespace

TEST_CASE("Until its end a trace is replayed as it is") {
  const Experiment ends = [] {
    Experiment experiment = scene({traced_pool("a")});
    experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
    experiment.mixes[0].work = hours{100};
    return experiment;
  }();
  Experiment goes_on = ends;
  goes_on.market.after_traces = {hours{24}, hours{24 * 5}};
  for (std::uint64_t r = 0; r < 5; ++r)
    CHECK(run(goes_on, r).outcome.fingerprint == run(ends, r).outcome.fingerprint);
  CHECK(run(goes_on).outcome.interruptions > 0);
}

TEST_CASE("A job that outlives its trace goes on with blocks of its last part and each replication its own") {
  Experiment experiment = going_on({traced_pool("a")});
  experiment.mixes[0].work = hours{400};
  std::set<std::int64_t> costs;
  for (std::uint64_t r = 0; r < 10; ++r) {
    const Run going = run(experiment, r);
    CHECK(going.outcome.finished());
    CHECK(going.outcome.time_to_train > hours{400});
    costs.insert(going.outcome.cost.nano_usd);
    // Prices after the end are those of the last five days.
    for (const BillLine& line : going.record.bill) {
      if (line.from >= Time{hours{240}}) CHECK(line.unit_price.nano_usd_per_h > 1'000'000 * 24 * 5);
    }
  }
  CHECK(costs.size() == 10);
  experiment.market.after_traces = {};
  CHECK_FALSE(run(experiment).outcome.finished());
}

TEST_CASE("A start after the end of the traces replays their last part") {
  Experiment experiment = going_on({traced_pool("a")});
  experiment.start.fixed = Time{hours{24 * 400}};
  experiment.replications = 20;
  const BatchResult result = run_batch(experiment);
  CHECK(result.mixes[0].finished.value == 1);
  CHECK(result.mixes[0].outlived_traces == 20);
  CHECK(result.mixes[0].cost_usd->mean > to_usd(Money{1'000'000 * 24 * 5 * 10}));
}

TEST_CASE("Pools whose traces end together share blocks and others do not move them") {
  Market market;
  market.pools = {traced_pool("a"), traced_pool("b"), traced_pool("c", hours{100})};
  market.after_traces = {hours{24}, hours{24 * 5}};
  BootstrappedMarket all(market);
  all.restart(1, 7, Time{});
  all.extend(Time{hours{600}});
  const std::vector<std::uint32_t> first{0};
  BootstrappedMarket alone(market, first);
  alone.restart(1, 7, Time{});
  for (Time until{}; until < Time{hours{600}}; until += hours{13}) alone.extend(until);
  alone.extend(Time{hours{600}});
  const auto& a = all.market().pools[0].spot_price;
  CHECK(a.at == all.market().pools[1].spot_price.at);
  CHECK(a.value == all.market().pools[1].spot_price.value);
  CHECK(a.at == alone.market().pools[0].spot_price.at);
  CHECK(a.value == alone.market().pools[0].spot_price.value);
  CHECK(all.traces_end() == Time{hours{100}});
  CHECK(alone.traces_end() == Time{hours{240}});
}

TEST_CASE("What is bought on demand does not see how long spot is known") {
  Experiment experiment = scene({traced_pool("a")});
  experiment.mixes[0].work = hours{1000};
  experiment.horizon = hours{2000};
  group(experiment).purchase = Purchase::on_demand;
  const Run r = run(experiment);
  CHECK(r.outcome.finished());
  CHECK(r.outcome.cost == from_usd(3000));
}
