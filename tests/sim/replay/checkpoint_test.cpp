// Checkpoints, computed by hand: asynchronous and incremental ones, those out of turn, and how far apart they
// should be.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "sim/batch/batch.h"
#include "sim/training/checkpoint_interval.h"
#include "tests/sim/replay/scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

/// One instance that is gone from `lost` to `back`; a checkpoint every hour.
Experiment lost_once(Duration lost, Duration back) {
  Pool market = pool();
  market.capacity = series<int>({{Duration{0}, 1}, {lost, 0}, {back, 1}});
  Experiment experiment = scene({market});
  CheckpointSpec& checkpoint = experiment.mixes[0].recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = hours{1};
  return experiment;
}

CheckpointSpec& checkpoint_of(Experiment& experiment) {
  return experiment.mixes[0].recovery.checkpoint;
}

}  // namespace

TEST_CASE("An asynchronous checkpoint pauses for its snapshot alone and counts once it is uploaded") {
  Experiment experiment = lost_once(hours{2} + minutes{20}, hours{3});
  checkpoint_of(experiment).write = minutes{6};
  checkpoint_of(experiment).upload = minutes{30};
  // Snapshots from 1:00 and from 2:06. The first is uploaded by 1:36; the second would be by 2:42 and is
  // lost, and with it the hour that it held and the eight minutes from 2:12 on.
  CHECK(run(experiment).time.lost_work == hours{1} + minutes{8});
  CHECK(run(experiment).time.checkpoint == minutes{12 + 8 * 6});
  checkpoint_of(experiment).upload = minutes{8};
  CHECK(run(experiment).time.lost_work == minutes{8});
}

TEST_CASE("Increments are cheaper to write and are read back besides the full checkpoint") {
  Experiment experiment = lost_once(hours{3} + minutes{30}, hours{4});
  CheckpointSpec& checkpoint = checkpoint_of(experiment);
  checkpoint.full_every = 3;
  checkpoint.write = minutes{10};
  checkpoint.write_increment = minutes{2};
  checkpoint.read = minutes{10};
  checkpoint.read_increment = minutes{1};
  experiment.mixes[0].surroundings.per_checkpoint = from_usd(0.01);
  experiment.mixes[0].surroundings.per_increment = from_usd(0.002);
  const Run r = run(experiment);
  // A full one until 1:10, increments until 2:12 and 3:14: sixteen minutes are lost, and 10 + 2 × 1 minutes
  // read. Then seven hours with six writes, two of them full.
  CHECK(r.time.lost_work == minutes{16});
  CHECK(r.time.startup == minutes{12});
  CHECK(r.time.checkpoint == minutes{10 + 2 * 2 + 2 * 10 + 4 * 2});
  CHECK(r.outcome.time_to_train == hours{4} + minutes{12} + hours{7} + minutes{28});
  CHECK(r.cost_by_purchase.storage == from_usd(3 * 0.01 + 6 * 0.002));
}

TEST_CASE("A checkpoint on notice is written when write and upload fit in the time that is left") {
  Experiment experiment = lost_once(hours{4}, hours{5});
  CheckpointSpec& checkpoint = checkpoint_of(experiment);
  checkpoint.interval = hours{20};
  checkpoint.write = seconds{30};
  checkpoint.upload = seconds{60};
  checkpoint.on_notice = true;
  // Training waits for both, from 3:58:00 to 3:59:30; the last half minute is lost.
  const Run fits = run(experiment);
  CHECK(fits.times(TimelineKind::checkpoint_saved) == std::vector<Duration>{hours{4} - seconds{30}});
  CHECK(fits.time.lost_work == seconds{30});
  checkpoint.upload = seconds{91};
  CHECK(run(experiment).time.lost_work == hours{4});
}

namespace {

/// On demand for two hours, then spot.
class SpotAfterTwoHours final : public Policy {
 public:
  void begin(const JobFacts&, Outlook&) override {}
  Decision decide(const Observation& seen) override {
    if (seen.elapsed < hours{2}) return {Choice::on_demand, hours{2} - seen.elapsed};
    return {Choice::spot};
  }
};

}  // namespace

TEST_CASE("What is saved before a planned stop is uploaded before the instance goes") {
  Experiment experiment = scene();
  CheckpointSpec& checkpoint = checkpoint_of(experiment);
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = hours{30};
  checkpoint.write = minutes{2};
  checkpoint.upload = minutes{3};
  Replication replay(experiment, 0, std::make_unique<SpotAfterTwoHours>());
  // On demand until 2:05, when write and upload are done; then eight hours of spot.
  const ReplicationOutcome outcome = replay.run(0);
  CHECK(outcome.time_to_train == hours{10} + minutes{5});
  CHECK(replay.ledger().time().lost_work == Duration{0});
  CHECK(replay.ledger().cost_by_purchase().on_demand == charge(usd_per_hour(3), hours{2} + minutes{5}));
  CHECK(replay.ledger().cost_by_purchase().spot == from_usd(8));
}

TEST_CASE("Young's and Daly's intervals are those of their papers") {
  // A write of 5 minutes and 24 hours between interruptions: √(2 · 5 · 1440) = 120 minutes, and by the higher
  // order 120 · (1 + √(5/2880)/3 + 5/2880/9) − 5 = 116.69.
  CHECK(young_interval(minutes{5}, hours{24}) == minutes{120});
  CHECK(to_seconds(daly_interval(minutes{5}, hours{24})) / 60 == Approx(116.690).margin(0.001));
  CHECK(daly_interval(hours{5}, hours{2}) == hours{2});
}

TEST_CASE("The best interval found by search agrees with Daly's where his assumptions hold") {
  // Interruptions at a constant rate, one instance, a restart that takes no longer than a write.
  struct Case {
    double per_hour;
    Duration write;
  };
  for (const Case& c : {Case{0.15, minutes{3}}, Case{0.05, minutes{10}}, Case{0.4, minutes{1}}}) {
    Pool market = pool();
    market.lifetime = exponential_lifetime(c.per_hour);
    Experiment experiment = scene({market});
    experiment.market.notice = Duration{0};
    experiment.horizon = hours{24 * 3650};
    experiment.replications = 1000;
    experiment.seed = 7;
    experiment.mixes[0].work = hours{200};
    experiment.mixes[0].recovery.restart = minutes{1};
    checkpoint_of(experiment).kind = CheckpointSpec::Kind::interval;
    checkpoint_of(experiment).write = c.write;
    const Duration daly = daly_interval(c.write, from_hours(1 / c.per_hour));
    // Mean time to train for intervals a quarter of an octave apart; all share the same interruptions.
    std::map<int, double> mean;
    for (int step = -6; step <= 6; ++step) {
      checkpoint_of(experiment).interval =
          from_seconds(to_seconds(daly) * std::exp2(static_cast<double>(step) / 4));
      mean[step] = run_batch(experiment).mixes[0].time_to_train_s->mean;
    }
    const auto best = std::min_element(mean.begin(), mean.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    INFO("rate " << c.per_hour << "/h, write " << to_seconds(c.write) << " s, Daly " << to_seconds(daly)
                 << " s, best at 2^(" << best->first << "/4)");
    CHECK(std::abs(best->first) <= 1);
    CHECK(mean[0] <= best->second * 1.002);
    // Both ends of the search are worse by far more than the noise.
    CHECK(mean[-6] > mean[0] * 1.005);
    CHECK(mean[6] > mean[0] * 1.005);
  }
}
