// Traffic between zones and regions, and checkpoints read back, by hand (RULES 12).
#include <catch2/catch.hpp>

#include "sim/fleet/crossings.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// Hours at which a checkpoint is complete: 1, 2, 3, … of training.
Experiment with_hourly_checkpoints(std::vector<Pool> pools) {
  Experiment experiment = scene(std::move(pools));
  CheckpointSpec& checkpoint = experiment.mixes[0].recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = hours{1};
  return experiment;
}

Pool pool_in(const char* zone, std::uint32_t region, double spot_usd_per_h) {
  Pool made = pool(zone);
  made.region = region;
  made.spot_price = constant_series(usd_per_hour(spot_usd_per_h));
  return made;
}

/// A gang with an instance in each pool.
Experiment one_in_each(std::vector<Pool> pools) {
  const auto count = static_cast<int>(pools.size());
  for (Pool& each : pools) each.capacity = constant_series(1);
  Experiment experiment = scene(std::move(pools));
  experiment.mixes[0].groups[0].count = count;
  return experiment;
}

/// Two regions; a GB from the first to the second costs twice what it costs back.
void set_hops(SurroundingCosts& costs, const RegionHop& there) {
  costs.regions = 2;
  costs.hops.assign(4, {});
  costs.hops[1] = there;
  costs.hops[2] = {{there.ring.nano_usd_per_h / 2},
                   {there.cut.nano_usd_per_h / 2},
                   {there.restore.nano_usd / 2},
                   {there.restore_increment.nano_usd / 2}};
}

Money lines_of(const Run& r, BillItem item) {
  Money sum;
  for (const BillLine& line : r.record.bill) {
    if (line.item == item) sum += line.amount;
  }
  return sum;
}

}  // namespace

TEST_CASE("Every restart reads the last full checkpoint and its increments and pays the requests",
          "[rule 12]") {
  Pool market = pool();
  market.capacity =
      series<int>({{Duration{0}, 1}, {minutes{150}, 0}, {minutes{210}, 1}, {hours{7}, 0}, {hours{8}, 1}});
  Experiment experiment = with_hourly_checkpoints({market});
  Mix& mix = experiment.mixes[0];
  mix.recovery.checkpoint.full_every = 2;
  mix.surroundings.per_restore = from_usd(0.5);
  mix.surroundings.per_restored_increment = from_usd(0.01);
  const Run r = run(experiment);
  // Two hours are saved at 2:30, the second in an increment; from 3:30 to 7:00 three more, the last full.
  CHECK(lines_of(r, BillItem::restore_requests) == from_usd(0.51 + 0.5));
  CHECK(r.cost_by_purchase.storage == from_usd(1.01));
  CHECK(r.cost_by_purchase.transfer == Money{});
  CHECK(r.cost_by_cause.storage == from_usd(1.01));
}

TEST_CASE("A restart reads nothing if nothing was saved or if survivors hold the state", "[rule 12]") {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 1}, {minutes{30}, 0}, {hours{1}, 1}});
  Experiment unsaved = with_hourly_checkpoints({market});
  unsaved.mixes[0].surroundings.per_restore = from_usd(0.5);
  CHECK(lines_of(run(unsaved), BillItem::restore_requests) == Money{});

  market.capacity = series<int>({{Duration{0}, 2}, {minutes{150}, 1}});
  Experiment elastic = with_hourly_checkpoints({market});
  elastic.mixes[0].groups[0].count = 2;
  elastic.mixes[0].gang.kind = GangKind::elastic;
  elastic.mixes[0].surroundings.per_restore = from_usd(0.5);
  CHECK(lines_of(run(elastic), BillItem::restore_requests) == Money{});
  elastic.mixes[0].gang.survivors_hold_state = false;
  CHECK(lines_of(run(elastic), BillItem::restore_requests) == from_usd(0.5));
}

TEST_CASE("A checkpoint that is restored in another region pays the way and takes longer", "[rule 12]") {
  Pool near = pool_in("a", 0, 0.5);
  near.capacity = series<int>({{Duration{0}, 1}, {minutes{150}, 0}, {hours{6}, 1}});
  Pool far = pool_in("b", 1, 1);
  far.capacity = series<int>({{Duration{0}, 1}, {minutes{450}, 0}});
  Experiment experiment = with_hourly_checkpoints({near, far});
  Mix& mix = experiment.mixes[0];
  mix.surroundings.per_restore = from_usd(0.001);
  set_hops(mix.surroundings, {{}, {}, from_usd(2), {}});
  mix.surroundings.cross_region_read = minutes{6};
  const Run r = run(experiment);
  // From a to b at 2:30 with two hours; ready at 2:36; lost at 7:30 with six; back in a at 7:36.
  CHECK(lines_of(r, BillItem::restore_transfer) == from_usd(2 + 1));
  CHECK(lines_of(r, BillItem::restore_requests) == from_usd(0.002));
  CHECK(r.outcome.time_to_train == minutes{7 * 60 + 36 + 4 * 60});
  CHECK(r.cost_by_purchase.transfer == from_usd(3));
  CHECK(r.cost_by_cause.transfer == from_usd(3));
}

TEST_CASE("A checkpoint lies where it was completed however often it is read elsewhere", "[rule 12]") {
  Pool near = pool_in("a", 0, 0.5);
  near.capacity = series<int>({{Duration{0}, 1}, {minutes{90}, 0}});
  Pool far = pool_in("b", 1, 1);
  far.capacity = series<int>({{Duration{0}, 1}, {hours{2}, 0}, {hours{3}, 1}});
  Experiment experiment = with_hourly_checkpoints({near, far});
  set_hops(experiment.mixes[0].surroundings, {{}, {}, from_usd(2), {}});
  // In b from 1:30 to 2:00: not long enough for a checkpoint there, so the way from a is paid twice.
  CHECK(lines_of(run(experiment), BillItem::restore_transfer) == from_usd(4));
}

TEST_CASE("Gradients cross between regions at the sender's price and within a region on both sides",
          "[rule 12]") {
  std::vector<Pool> pools = {pool_in("a", 0, 1), pool_in("b", 0, 1), pool_in("c", 1, 1)};
  Experiment experiment = one_in_each(std::move(pools));
  Mix& mix = experiment.mixes[0];
  mix.surroundings.cross_zone_per_boundary = usd_per_hour(0.1);
  mix.surroundings.cross_zone_speed = 0.8;
  mix.surroundings.cross_region_speed = 0.5;
  set_hops(mix.surroundings, {usd_per_hour(0.4), {}, {}, {}});
  const Run r = run(experiment);
  // Ten hours of work at half speed. The ring a → b → c → a crosses zones once, regions there and back.
  CHECK(r.outcome.time_to_train == hours{20});
  CHECK(lines_of(r, BillItem::cross_zone_transfer) == from_usd(10 * 0.1));
  CHECK(lines_of(r, BillItem::cross_region_transfer) == from_usd(10 * (0.4 + 0.2)));
  CHECK(r.cost_by_purchase.transfer == from_usd(7));
}

TEST_CASE("Activations cross once where the row of stages leaves a zone and gradients go around",
          "[rule 12]") {
  std::vector<Pool> pools = {pool_in("a", 0, 1), pool_in("b", 0, 1), pool_in("c", 0, 1)};
  Experiment experiment = one_in_each(std::move(pools));
  Mix& mix = experiment.mixes[0];
  mix.surroundings.cross_zone_per_boundary = usd_per_hour(0.1);
  mix.surroundings.cross_zone_per_cut = usd_per_hour(0.7);
  CHECK(run(experiment).cost_by_purchase.transfer == from_usd(10 * (3 * 0.1 + 2 * 0.7)));
}

TEST_CASE("What is crossed depends on how many zones and regions the gang is in", "[rule 12]") {
  SurroundingCosts costs;
  costs.cross_zone_speed = 0.9;
  costs.cross_region_speed = 0.3;
  costs.regions = 3;
  for (int from = 0; from < 3; ++from) {
    for (int to = 0; to < 3; ++to) costs.hops.push_back({{100 * from + 10 * to}, {from + to}, {7}, {1}});
  }
  const Crossings one = crossings_of(costs, 1, 0b1);
  CHECK(one.zone_boundaries == 0);
  CHECK(one.zone_cuts == 0);
  CHECK(one.speed == 1);
  const Crossings four = crossings_of(costs, 4, 0b1);
  CHECK(four.zone_boundaries == 4);
  CHECK(four.zone_cuts == 3);
  CHECK(four.region_ring + four.region_cut == HourlyPrice{});
  CHECK(four.speed == 0.9);
  // Four zones in the second and third region: two boundaries within them, one way there and one back.
  const Crossings across = crossings_of(costs, 4, 0b110);
  CHECK(across.zone_boundaries == 2);
  CHECK(across.zone_cuts == 2);
  CHECK(across.region_ring + across.region_cut == HourlyPrice{(120 + 210) + (3 + 3)});
  CHECK(across.speed == 0.3);
  // Around three regions once, and along two cuts both ways.
  const Crossings all = crossings_of(costs, 3, 0b111);
  CHECK(all.region_ring == HourlyPrice{10 + 120 + 200});
  CHECK(all.region_cut == HourlyPrice{1 + 1 + 3 + 3});
  CHECK(price_of_restore(costs, 1, 0b010, 5) == Money{});
  CHECK(price_of_restore(costs, 1, 0b111, 5) == Money{2L * (7 + 5)});
}
