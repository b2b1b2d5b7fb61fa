#include "reports/results/market_history.h"

#include <catch2/catch.hpp>

#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

/// One pool whose price changes every hour from 0 h to 100 h, and a batch whose longest replication took 3 h.
struct Scene {
  sim::Experiment experiment;
  sim::BatchResult batch;

  Scene() {
    sim::Pool pool;
    for (int h = 0; h < 100; ++h) {
      pool.spot_price.at.emplace_back(hours{h});
      pool.spot_price.value.push_back(usd_per_hour(1 + h));
    }
    pool.spot_price.end = Time{hours{100}};
    pool.on_demand_price = constant_series(usd_per_hour(200));
    experiment.market.pools = {pool};
    experiment.start.fixed = Time{hours{10} + minutes{30}};
    sim::MixResult mix = sample_mix("spot", 100, 7200);
    mix.replications = {outcome(7200, 100, 0), outcome(10800, 110, 1)};
    batch.mixes = {mix, infeasible_mix("too small")};
  }
  MarketHistory history() const { return market_history(experiment, batch); }
};

}  // namespace

TEST_CASE("the history spans from the start to the end of the longest replication") {
  const MarketHistory history = Scene().history();
  CHECK(history.begin == Time{hours{10} + minutes{30}});
  CHECK(history.end == Time{hours{13} + minutes{30}});
  const PriceSeries& price = history.pools.at(0).spot_price;
  CHECK(price.at ==
        std::vector<Time>{Time{hours{10} + minutes{30}}, Time{hours{11}}, Time{hours{12}}, Time{hours{13}}});
  CHECK(price.value.front() == usd_per_hour(11));
  CHECK(price.end == history.end);
}

TEST_CASE("A price that never changes is one value over the whole history") {
  const MarketHistory history = Scene().history();
  CHECK(history.pools.at(0).on_demand_price.at == std::vector<Time>{history.begin});
  CHECK(history.pools.at(0).on_demand_price.end == history.end);
  CHECK(history.pools.at(0).capacity.empty());
}

TEST_CASE("The deadline is within the history even when everything is done before it") {
  Scene scene;
  scene.experiment.deadline = hours{20};
  CHECK(scene.history().end == Time{hours{30} + minutes{30}});
}

TEST_CASE("sampled starts: the history reaches from the first possible start to what the last one needs") {
  Scene scene;
  scene.experiment.start = {true, {}, Time{hours{5}}, Time{hours{50}}, hours{1}};
  CHECK(scene.history().begin == Time{hours{5}});
  CHECK(scene.history().end == Time{hours{53}});
}

TEST_CASE("The history goes on to the end of the traces where a replication did not finish") {
  Scene scene;
  scene.batch.mixes[0].finished = {0.5, {{0.25, 0.75}}};
  CHECK(scene.history().end == Time{hours{100}});
}

TEST_CASE("histories put together from blocks may use all of the traces") {
  Scene scene;
  scene.experiment.market.bootstrap.block = hours{4};
  CHECK(scene.history().begin == Time{hours{0}});
  CHECK(scene.history().end == Time{hours{100}});
}
