// What holds in every replication, whatever the market, the fleet and the policy: random scenes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Calls `visit` with the instances that exist, by number, whenever all events of a moment are over.
template <class Visit>
void each_moment(const Run& r, Visit visit) {
  std::map<std::uint32_t, TimelineEvent> held;
  const auto& timeline = r.record.timeline;
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    const TimelineEvent& event = timeline[i];
    if (event.instance != kNoInstance) {
      if (event.kind == TimelineKind::launch_requested) held[event.instance] = event;
      if (event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped ||
          event.kind == TimelineKind::launch_failed) {
        REQUIRE(held.erase(event.instance) == 1);
      }
    }
    if (i + 1 == timeline.size() || timeline[i + 1].at != event.at) visit(event.at, held);
  }
  REQUIRE(held.empty());
}

/// Spot instances held in each pool never exceed its capacity.
void check_capacity(const Experiment& experiment, const Run& r) {
  each_moment(r, [&](Time at, const auto& held) {
    std::map<std::uint32_t, int> in_pool;
    for (const auto& [instance, launch] : held) in_pool[launch.pool] += launch.purchase == Purchase::spot;
    for (const auto& [p, count] : in_pool) {
      if (count > 0) REQUIRE(count <= value_at(experiment.market.pools[p].capacity, at));
    }
  });
}

/// RULES 15: what is requested or runs stays within the quota of its class.
void check_quota(const Experiment& experiment, const Run& r) {
  if (experiment.market.quotas.empty()) return;
  const Quota& quota = experiment.market.quotas[0];
  each_moment(r, [&](Time, const auto& held) {
    int spot = 0;
    int on_demand = 0;
    for (const auto& [instance, launch] : held)
      (launch.purchase == Purchase::spot ? spot : on_demand) += experiment.market.pools[launch.pool].vcpus;
    REQUIRE(spot <= quota.spot_vcpus);
    REQUIRE(on_demand <= quota.on_demand_vcpus);
  });
}

/// RULES 17: a cluster placement group does not span zones.
void check_zones(const Experiment& experiment, const Run& r) {
  if (!experiment.mixes[0].launch.single_zone) return;
  each_moment(r, [&](Time, const auto& held) {
    std::set<std::string> zones;
    for (const auto& [instance, launch] : held) zones.insert(experiment.market.pools[launch.pool].zone);
    REQUIRE(zones.size() <= 1);
  });
}

/// No moment of an instance is charged twice, and none is left out: the lines of its use follow on each
/// other, from its start to its end.
void check_charged_once(const Run& r) {
  std::map<std::uint32_t, std::vector<BillLine>> lines;
  for (const BillLine& line : r.record.bill) {
    if (line.item == BillItem::instance) lines[line.instance].push_back(line);
  }
  std::map<std::uint32_t, Time> running;
  for (const TimelineEvent& event : r.events(TimelineKind::instance_running)) {
    REQUIRE(running.emplace(event.instance, event.at).second);
  }
  std::map<std::uint32_t, Time> ended;
  for (const TimelineKind kind : {TimelineKind::interrupted, TimelineKind::stopped}) {
    for (const TimelineEvent& event : r.events(kind)) {
      if (running.contains(event.instance)) REQUIRE(ended.emplace(event.instance, event.at).second);
    }
  }
  for (auto& [instance, charged] : lines) {
    REQUIRE(running.contains(instance));
    std::stable_sort(charged.begin(), charged.end(),
                     [](const BillLine& a, const BillLine& b) { return a.from < b.from; });
    Time until = running.at(instance);
    for (const BillLine& line : charged) {
      REQUIRE(line.from == until);
      REQUIRE(line.to >= line.from);
      REQUIRE(line.amount >= Money{});
      until = line.to;
    }
    REQUIRE(until == ended.at(instance));
  }
  for (const auto& [instance, since] : running) {
    if (ended.at(instance) > since) REQUIRE(lines.contains(instance));
  }
}

/// How long the gang trained, by the story alone: from each start to the next checkpoint, loss or end.
Duration trained(const Run& r) {
  Duration sum{0};
  bool trains = false;
  Time since{};
  for (const TimelineEvent& event : r.record.timeline) {
    const bool begins =
        event.kind == TimelineKind::training_begun || event.kind == TimelineKind::checkpoint_saved;
    // The end of an instance alone ends nothing: the gang may go on, and the story says so where it does not.
    const bool ends = event.kind == TimelineKind::checkpoint_begun ||
                      event.kind == TimelineKind::restart_begun || event.kind == TimelineKind::work_lost ||
                      event.kind == TimelineKind::waiting_begun || event.kind == TimelineKind::finished ||
                      event.kind == TimelineKind::out_of_time;
    if (!begins && !ends) continue;
    if (trains) sum += event.at - since;
    trains = begins;
    since = event.at;
  }
  return sum;
}

void check_books(const Experiment& experiment, const Run& r) {
  Money billed;
  for (const BillLine& line : r.record.bill) billed += line.amount;
  REQUIRE(billed == r.outcome.cost);
  const CostByPurchase<Money>& by = r.cost_by_purchase;
  REQUIRE(by.spot + by.on_demand + by.service_fee + by.storage + by.transfer == r.outcome.cost);
  for (const Money part : {by.spot, by.on_demand, by.service_fee, by.storage, by.transfer})
    REQUIRE(part >= Money{});
  REQUIRE(total(r.cost_by_cause) == r.outcome.cost);
  each_cost_cause(r.cost_by_cause, r.cost_by_cause, [](Money part, Money) { REQUIRE(part >= Money{}); });
  // What is paid beside instances is a cause of its own, all of it.
  REQUIRE(r.cost_by_cause.transfer == by.transfer);
  REQUIRE(r.cost_by_cause.storage == by.storage);
  REQUIRE(r.cost_by_cause.service_fee == by.service_fee);
  REQUIRE(r.outcome.cost >= Money{});

  REQUIRE(r.record.timeline.back().at >= r.record.start);
  REQUIRE(total(r.time) == r.record.timeline.back().at - r.record.start);
  for (const Duration part :
       {r.time.useful, r.time.lost_work, r.time.checkpoint, r.time.startup, r.time.waiting}) {
    REQUIRE(part >= Duration{0});
  }
  const Mix& mix = experiment.mixes[0];
  const bool rigid = mix.gang.kind == GangKind::rigid && mix.surroundings.cross_region_speed == 1;
  if (rigid && r.outcome.finished()) REQUIRE(r.time.useful == experiment.mixes[0].work);
  if (rigid) REQUIRE(r.time.useful <= experiment.mixes[0].work);
  REQUIRE(r.events(TimelineKind::interrupted).size() == r.outcome.interruptions);
  REQUIRE(r.outcome.goodput >= 0);
  REQUIRE(r.outcome.goodput <= 1);
}

/// Not being recorded, and running another replication before, changes nothing.
void check_repeats(const Experiment& experiment, const Run& r, std::uint64_t number) {
  Replication again(experiment, 0);
  again.run(number + 1);
  const ReplicationOutcome second = again.run(number);
  REQUIRE(second.fingerprint == r.outcome.fingerprint);
  REQUIRE(second.cost == r.outcome.cost);
  REQUIRE(second.time_to_train == r.outcome.time_to_train);
}

/// What holds in every scene.
void check_all(const Experiment& experiment, const Run& r, std::uint64_t number) {
  check_books(experiment, r);
  check_quota(experiment, r);
  check_zones(experiment, r);
  check_charged_once(r);
  check_repeats(experiment, r, number);
}

}  // namespace

TEST_CASE("In any replication the bill and its splits and the time add up and capacity is respected") {
  int finished = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    const Experiment experiment = RandomScene(number).make();
    const Run r = run(experiment, number);
    INFO("scene " << number);
    check_books(experiment, r);
    check_capacity(experiment, r);
    check_charged_once(r);
    check_repeats(experiment, r, number);
    finished += r.outcome.finished() ? 1 : 0;
  }
  CHECK(finished > 300);
  CHECK(finished < 1500);
}

TEST_CASE("Work done is useful or lost in the timeline as in the books") {
  int with_losses = 0;
  for (std::uint64_t number = 0; number < 600; ++number) {
    Experiment experiment = RandomScene(number).make_wide();
    experiment.mixes[0].gang.kind = GangKind::rigid;
    const Run r = run(experiment, number);
    INFO("scene " << number);
    REQUIRE(trained(r) == r.time.useful + r.time.lost_work);
    with_losses += r.time.lost_work > Duration{0} ? 1 : 0;
  }
  CHECK(with_losses > 100);
}

TEST_CASE("Invariants hold over zones and types and sources of interruption and quotas bind") {
  int finished = 0;
  int interrupted = 0;
  int with_quota = 0;
  int in_one_zone = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    const Experiment experiment = RandomScene(number).make_wide();
    const Run r = run(experiment, number);
    INFO("scene " << number);
    check_all(experiment, r, number);
    if (experiment.market.bootstrap.block == Duration{0}) check_capacity(experiment, r);
    finished += r.outcome.finished() ? 1 : 0;
    interrupted += r.outcome.interruptions > 0 ? 1 : 0;
    const bool launched = !r.events(TimelineKind::instance_running).empty();
    with_quota += launched && !experiment.market.quotas.empty() ? 1 : 0;
    in_one_zone += launched && experiment.mixes[0].launch.single_zone ? 1 : 0;
  }
  CHECK(finished > 200);
  CHECK(finished < 1500);
  CHECK(interrupted > 300);
  CHECK(with_quota > 100);
  CHECK(in_one_zone > 100);
}

TEST_CASE("Nothing is charged twice or below zero whatever is paid and whichever gang trains") {
  std::array<int, 4> kinds{};
  int interrupted = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    Experiment experiment = RandomScene(number).make_far();
    for (Pool& pool : experiment.market.pools)
      if (number % 3 == 0) pool.service_fee = usd_per_hour(0.27);
    const Run r = run(experiment, number);
    INFO("scene " << number);
    check_all(experiment, r, number);
    for (const BillLine& line : r.record.bill) REQUIRE(line.amount >= Money{});
    REQUIRE(trained(r) == r.time.useful + r.time.lost_work);
    if (!r.events(TimelineKind::training_begun).empty())
      ++kinds[static_cast<std::size_t>(experiment.mixes[0].gang.kind)];
    interrupted += r.outcome.interruptions > 0 ? 1 : 0;
  }
  for (const int trained_so : kinds) CHECK(trained_so > 100);
  CHECK(interrupted > 300);
}

TEST_CASE("One thread and three give the same fingerprints in any scene") {
  for (std::uint64_t number = 0; number < 100; ++number) {
    Experiment experiment = RandomScene(number).make_wide();
    experiment.replications = 5;
    INFO("scene " << number);
    BatchOptions one;
    one.jobs = 1;
    BatchOptions three;
    three.jobs = 3;
    REQUIRE(run_batch(experiment, one).mixes[0].fingerprint ==
            run_batch(experiment, three).mixes[0].fingerprint);
  }
}
