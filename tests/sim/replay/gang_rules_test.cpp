// Gangs and their fleets, computed by hand: what trains, what is paid, and where.
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Whether no instance is charged twice for any moment, and the lines sum to the cost.
void check_charges(const Run& r) {
  std::map<std::uint32_t, Time> charged_until;
  Money sum;
  for (const BillLine& line : r.record.bill) {
    sum += line.amount;
    CHECK(line.amount >= Money{});
    if (line.item != BillItem::instance) continue;
    const auto known = charged_until.find(line.instance);
    if (known != charged_until.end()) CHECK(line.from >= known->second);
    charged_until[line.instance] = line.to;
  }
  CHECK(sum == r.outcome.cost);
}

/// Four instances of redundant pipelines of two stages, which meet for two minutes.
Experiment two_pipelines_of_two(Pool market) {
  Experiment experiment = scene({std::move(market)});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 4;
  mix.gang.kind = GangKind::redundant_pipelines;
  mix.gang.stages = 2;
  mix.gang.max_pipelines = 2;
  mix.gang.global_rendezvous = minutes{2};
  return experiment;
}

}  // namespace

TEST_CASE("Redundant pipelines absorb a loss and train on with fewer and grow again") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 3}, {hours{5}, 4}});
  Experiment experiment = two_pipelines_of_two(std::move(market));
  Mix& mix = experiment.mixes[0];
  mix.gang.reconfigure = minutes{1};
  mix.gang.speed = {0, 0.5, 1};
  const Run r = run(experiment);
  // They meet until 0:02 and do 1:58 h by 2:00. Of three, one pipeline goes on from 2:01 at half speed:
  // 1:29:30 by 5:00. With four again there are two from 5:01, which do the other 6:32:30.
  CHECK(r.outcome.time_to_train == hours{5} + minutes{1} + hours{6} + minutes{32} + seconds{30});
  CHECK(r.time.lost_work == Duration{0});
  CHECK(r.time.startup == minutes{4});
  CHECK(total(r.time) == r.outcome.time_to_train);
  check_charges(r);
}

TEST_CASE("Redundant pipelines that all go at once begin again from the checkpoint") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 4}, {minutes{150}, 0}, {hours{4}, 4}});
  Experiment experiment = two_pipelines_of_two(std::move(market));
  Mix& mix = experiment.mixes[0];
  mix.gang.speed = {0, 0.5, 1};
  mix.recovery.restart = minutes{3};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{1};
  const Run r = run(experiment);
  // They train from 0:05 to 2:30, and have saved two hours; from 4:05 on they do the other eight.
  CHECK(r.time.lost_work == minutes{25});
  CHECK(r.outcome.time_to_train == hours{12} + minutes{5});
}

TEST_CASE("What redundant pipelines hold is lost with the last of them that waits for others") {
  Pool market = pool();
  // One of two stages is left at 1:00 and waits; at 2:00 it goes too, or stays until another comes.
  const auto lost = [&](int at_two) {
    market.capacity = series<int>({{Duration{0}, 2}, {hours{1}, 1}, {hours{2}, at_two}, {hours{3}, 2}});
    Experiment experiment = scene({market});
    Mix& mix = experiment.mixes[0];
    mix.groups[0].count = 2;
    mix.gang.kind = GangKind::redundant_pipelines;
    mix.gang.stages = 2;
    mix.gang.speed = {0, 1};
    return run(experiment).time.lost_work;
  };
  CHECK(lost(1) == Duration{0});
  CHECK(lost(0) == hours{1});
}

TEST_CASE("A rigid gang's useful time is the work whatever was lost") {
  Pool market = pool();
  market.capacity =
      series<int>({{Duration{0}, 3}, {hours{2}, 2}, {hours{4}, 3}, {hours{9}, 0}, {hours{10}, 3}});
  Experiment experiment = scene({market});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 3;
  mix.recovery.restart = minutes{10};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{1};
  mix.recovery.checkpoint.write = minutes{5};
  const Run r = run(experiment);
  // 0:10–2:00: one checkpoint at 1:10–1:15; 45 minutes are lost. From 4:10, nine hours are left: checkpoints
  // begin at 5:10, 6:15, 7:20 and 8:25, and thirty minutes are lost at 9:00. From 10:10 five are left.
  CHECK(r.time.useful == hours{10});
  CHECK(r.time.lost_work == minutes{45 + 30});
  CHECK(r.time.checkpoint == minutes{5 + 4 * 5 + 4 * 5});
  CHECK(r.time.startup == minutes{30});
  CHECK(r.outcome.time_to_train == hours{15} + minutes{10 + 20});
  CHECK(total(r.time) == r.outcome.time_to_train);
  check_charges(r);
}

TEST_CASE("A replacement and what it replaces are billed side by side and each once") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.6}});
  a.capacity = series<int>({{Duration{0}, 1}, {hours{4}, 0}});
  Experiment experiment = scene({a, b});
  experiment.market.rebalance_lead = minutes{10};
  Mix& mix = experiment.mixes[0];
  mix.launch.replace_before_termination = true;
  mix.launch.boot = minutes{6};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  mix.recovery.checkpoint.interval = hours{30};
  mix.recovery.checkpoint.write = minutes{2};
  const Run r = run(experiment);
  // Recommended at 3:48; the replacement is ready at 3:54, the state is saved by 3:56, and the first one
  // goes. It trained from 0:06 to 3:54, so 6:12 h are left from 3:56 on.
  CHECK(r.outcome.time_to_train == hours{3} + minutes{56} + hours{6} + minutes{12});
  CHECK(r.cost_by_purchase.spot ==
        charge(usd_per_hour(0.6), hours{3} + minutes{56}) +
            charge(usd_per_hour(1), r.outcome.time_to_train - hours{3} - minutes{48}));
  check_charges(r);
}

TEST_CASE("The instances of a placement group are never in two zones at once", "[rule 17]") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = series<int>({{Duration{0}, 4}, {hours{2}, 2}, {hours{5}, 4}, {hours{7}, 1}});
  b.capacity = series<int>({{Duration{0}, 2}, {hours{3}, 4}, {hours{8}, 3}, {hours{9}, 4}});
  Experiment experiment = scene({a, b});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 4;
  mix.launch.single_zone = true;
  mix.launch.leave_zone_after = minutes{20};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  const Run r = run(experiment);
  std::map<std::uint32_t, std::uint32_t> zone_of;
  std::set<std::uint32_t> used;
  for (const TimelineEvent& event : r.record.timeline) {
    if (event.instance == kNoInstance) continue;
    const bool ends = event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped;
    if (ends) {
      zone_of.erase(event.instance);
    } else {
      zone_of[event.instance] = event.pool;
      used.insert(event.pool);
    }
    const auto another = [&](const auto& item) { return item.second != zone_of.begin()->second; };
    CHECK(std::none_of(zone_of.begin(), zone_of.end(), another));
  }
  CHECK(used.size() == 2);
  check_charges(r);
}

TEST_CASE("A gang that spans zones trains slower for as long as it does and pays for the steps it takes") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.spot_price = prices({{Duration{0}, 0.5}});
  a.capacity = series<int>({{Duration{0}, 2}, {hours{4}, 1}});
  Experiment experiment = scene({a, b});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 2;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  mix.surroundings.cross_zone_speed = 0.75;
  mix.surroundings.cross_zone_per_boundary = usd_per_hour(0.1);
  const Run r = run(experiment);
  // Four hours in zone a; the other six hours of work take eight across a and b, at six hours' worth of
  // steps.
  CHECK(r.outcome.time_to_train == hours{12});
  CHECK(r.cost_by_purchase.transfer == from_usd(6 * 2 * 0.1));
  check_charges(r);
}

TEST_CASE("Traffic between zones follows time instead of work when batches shrink with the gang") {
  Pool a = pool("a");
  Pool b = pool("b");
  a.capacity = b.capacity = constant_series(1);
  Experiment experiment = scene({a, b});
  Mix& mix = experiment.mixes[0];
  mix.groups[0].count = 4;
  mix.gang.kind = GangKind::elastic;
  mix.surroundings.cross_zone_per_boundary = usd_per_hour(0.1);
  // Two of four instances: ten hours of work take twenty.
  CHECK(run(experiment).cost_by_purchase.transfer == from_usd(10 * 2 * 0.1));
  mix.surroundings.batch_is_scaled = true;
  CHECK(run(experiment).cost_by_purchase.transfer == from_usd(20 * 2 * 0.1));
}
