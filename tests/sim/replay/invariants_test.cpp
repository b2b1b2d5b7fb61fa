// What holds in every replication, whatever the market, the fleet and the policy: random scenes.
#include <map>

#include <catch2/catch.hpp>

#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

class RandomScene {
 public:
  explicit RandomScene(std::uint64_t number) : random_(11, number, 0, Purpose::capacity_path) {}

  Experiment make() {
    std::vector<Pool> pools;
    const std::uint64_t zones = 1 + random_.below(4);
    for (std::uint64_t z = 0; z < zones; ++z) pools.push_back(random_pool());
    Experiment experiment = scene(std::move(pools));
    experiment.market.regime = random_.below(3) == 0 ? Regime::aws_auction : Regime::aws_smoothed;
    experiment.market.notice = seconds{below(3) * 60};
    experiment.billing.whole_spot_hours = experiment.market.regime == Regime::aws_auction;
    experiment.deadline = hours{14 + below(30)};
    experiment.horizon = hours{90};
    experiment.seed = random_.next_u64();
    Mix& mix = experiment.mixes[0];
    mix.groups[0].count = static_cast<int>(1 + below(5));
    if (random_.below(3) == 0) {
      mix.groups.push_back(mix.groups[0]);
      mix.groups[1].purchase = random_.below(2) == 0 ? Purchase::on_demand : Purchase::spot;
    }
    if (random_.below(3) == 0) mix.groups[0].max_price = usd_per_hour(1.5);
    if (random_.below(2) == 0) mix.groups[0].allocation = Allocation::diversified;
    mix.policy.kind = static_cast<PolicyKind>(random_.below(10));
    if (needs_deadline(mix.policy.kind) || random_.below(2) == 0) {
      mix.policy.decision_interval = minutes{5 + below(20)};
    }
    mix.launch = {seconds{below(3) * 40}, minutes{below(3) * 4}, minutes{below(3)}};
    CheckpointSpec& checkpoint = mix.recovery.checkpoint;
    checkpoint.kind = static_cast<CheckpointSpec::Kind>(random_.below(3));
    checkpoint.interval = minutes{10 + below(120)};
    checkpoint.write = seconds{below(4) * 50};
    checkpoint.read = seconds{below(4) * 50};
    checkpoint.on_notice = random_.below(2) == 0;
    mix.recovery.restart = minutes{below(10)};
    return experiment;
  }

 private:
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(random_.below(n)); }

  Pool random_pool() {
    Pool result = pool();
    result.spot_price = PriceSeries{};
    for (Time at{0}; at < hours{100}; at += minutes{20 + below(300)}) {
      result.spot_price.at.push_back(at);
      result.spot_price.value.push_back(usd_per_hour(0.4 + 0.01 * static_cast<double>(below(300))));
    }
    result.capacity.end = hours{100};
    for (Time at{0}; at < hours{100}; at += minutes{10 + below(500)}) {
      result.capacity.at.push_back(at);
      result.capacity.value.push_back(static_cast<int>(below(9)));
    }
    return result;
  }

  RandomStream random_;
};

/// Spot instances held in each pool never exceed its capacity once the moment's events are over.
void check_capacity(const Experiment& experiment, const Run& r) {
  std::map<std::uint32_t, int> held;
  const auto& timeline = r.record.timeline;
  std::map<std::uint32_t, bool> requested;
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    const TimelineEvent& event = timeline[i];
    if (event.purchase == Purchase::spot && event.instance != kNoInstance) {
      if (event.kind == TimelineKind::launch_requested) ++held[event.pool];
      if (event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped ||
          event.kind == TimelineKind::launch_failed) {
        --held[event.pool];
      }
    }
    if (i + 1 < timeline.size() && timeline[i + 1].at == event.at) continue;
    for (const auto& [p, count] : held) {
      REQUIRE(count >= 0);
      REQUIRE(count <= value_at(experiment.market.pools[p].capacity, event.at));
    }
  }
}

}  // namespace

TEST_CASE("In any replication the bill, its splits and the time add up, and capacity is respected") {
  int finished = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    const Experiment experiment = RandomScene(number).make();
    const Run r = run(experiment, number);
    INFO("scene " << number);

    Money billed;
    for (const BillLine& line : r.record.bill) billed += line.amount;
    REQUIRE(billed == r.outcome.cost);
    REQUIRE(r.cost_by_purchase.spot + r.cost_by_purchase.on_demand == r.outcome.cost);
    REQUIRE(total(r.cost_by_cause) == r.outcome.cost);
    REQUIRE(r.outcome.cost >= Money{});

    REQUIRE(r.record.timeline.back().at >= r.record.start);
    const Duration elapsed = r.record.timeline.back().at - r.record.start;
    REQUIRE(total(r.time) == elapsed);
    for (const Duration part :
         {r.time.useful, r.time.lost_work, r.time.checkpoint, r.time.startup, r.time.waiting}) {
      REQUIRE(part >= Duration{0});
    }
    if (r.outcome.finished()) {
      ++finished;
      REQUIRE(r.time.useful == experiment.mixes[0].work);
    } else {
      REQUIRE(r.time.useful <= experiment.mixes[0].work);
    }
    REQUIRE(r.events(TimelineKind::interrupted).size() == r.outcome.interruptions);
    REQUIRE(r.outcome.goodput >= 0);
    REQUIRE(r.outcome.goodput <= 1);
    check_capacity(experiment, r);

    // Not being recorded, and running another replication before, changes nothing.
    Replication again(experiment, 0);
    again.run(number + 1);
    const ReplicationOutcome second = again.run(number);
    REQUIRE(second.fingerprint == r.outcome.fingerprint);
    REQUIRE(second.cost == r.outcome.cost);
    REQUIRE(second.time_to_train == r.outcome.time_to_train);
  }
  CHECK(finished > 300);
  CHECK(finished < 1500);
}
