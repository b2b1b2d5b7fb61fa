// guarantee_deadline: whatever the policy, the market and the checkpoints, the job is on time if on demand
// is.
#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "base/random/random.h"
#include "sim/market/lifetime.h"
#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace test = spotmix::sim::test;

namespace {

/// A hundred minutes between interruptions, checkpoints of a minute every half hour, on demand always there.
Experiment interrupted(const char* policy, Duration deadline) {
  Pool pool = test::pool();
  pool.lifetime = exponential_lifetime(0.6);
  Experiment experiment = test::scene({pool});
  experiment.deadline = deadline;
  Mix& mix = experiment.mixes[0];
  mix.policy = {policy, minutes{10}};
  mix.policy.guarantee_deadline = true;
  mix.launch.boot = minutes{6};
  CheckpointSpec& checkpoint = mix.recovery.checkpoint;
  checkpoint.kind = CheckpointSpec::Kind::interval;
  checkpoint.interval = minutes{30};
  checkpoint.write = checkpoint.read = minutes{1};
  return experiment;
}

struct Sample {
  int late = 0;
  Duration latest{0};
  double cost = 0;
};

Sample sample_of(const Experiment& experiment, std::uint64_t count = 200) {
  Sample sample;
  Replication replication(experiment, 0);
  for (std::uint64_t r = 0; r < count; ++r) {
    const ReplicationOutcome outcome = replication.run(r);
    const bool on_time = outcome.finished() && outcome.time_to_train <= *experiment.deadline;
    sample.late += on_time ? 0 : 1;
    sample.latest = std::max(sample.latest, outcome.time_to_train);
    sample.cost += to_usd(outcome.cost) / static_cast<double>(count);
  }
  return sample;
}

/// Of the same job bought on demand from the start.
Duration on_demand_time(Experiment experiment) {
  experiment.mixes[0].policy = {"on_demand"};
  Replication replication(experiment, 0);
  const ReplicationOutcome outcome = replication.run(0);
  REQUIRE(outcome.finished());
  return outcome.time_to_train;
}

/// One checkpoint interval, one write, one boot with restart and one decision interval.
Duration spare_of(const Mix& mix) {
  const CheckpointSpec& checkpoint = mix.recovery.checkpoint;
  Duration restart = mix.launch.pending + mix.launch.boot + mix.recovery.restart + checkpoint.read +
                     mix.surroundings.cross_region_read + mix.gang.global_rendezvous;
  restart += (checkpoint.full_every - 1) *
             (checkpoint.read_increment + mix.surroundings.cross_region_read_increment);
  return checkpoint.interval + checkpoint.write + checkpoint.upload + restart + mix.policy.decision_interval;
}

}  // namespace

TEST_CASE("Every policy is on time with the guarantee and most of them are late without") {
  int late_without = 0;
  for (const PolicyEntry& policy : policies()) {
    if (policy.name == "ideal_no_overhead") continue;  // looks ahead in traces, of which there are none
    Experiment experiment = interrupted(std::string(policy.name).c_str(), hours{12});
    INFO(policy.name);
    CHECK(sample_of(experiment).late == 0);
    experiment.mixes[0].policy.guarantee_deadline = false;
    late_without += sample_of(experiment).late > 0 ? 1 : 0;
  }
  CHECK(late_without >= 4);
}

TEST_CASE("The guarantee buys spot as long as it can and on demand no earlier than it must") {
  Experiment experiment = interrupted("spot_only", hours{14});
  const Sample with_slack = sample_of(experiment);
  CHECK(with_slack.late == 0);
  CHECK(with_slack.cost < 30 * 0.75);  // ten hours on demand are $30
  experiment.deadline = on_demand_time(experiment);
  CHECK(sample_of(experiment).late == 0);
}

TEST_CASE("On demand to the end writes no more checkpoints") {
  Experiment experiment = interrupted("spot_only", hours{10} + minutes{15});
  experiment.market.pools[0].lifetime.reset();
  experiment.market.pools[0].capacity = test::series<int>({{Duration{0}, 0}});
  // Too little time to spare for anything but on demand: no checkpoint in its ten hours.
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{10} + minutes{6});
  CHECK(run.time.checkpoint == Duration{0});
}

TEST_CASE("Without checkpoints the guarantee buys on demand from the start") {
  Experiment experiment = interrupted("spot_only", hours{40});
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::none;
  const test::Run run = test::run(experiment);
  CHECK(run.outcome.time_to_train == hours{10} + minutes{6});
  CHECK(run.cost_by_purchase.spot == Money{});
}

TEST_CASE("A job whose checkpoints are continuous keeps its spot instance to the end") {
  Experiment experiment = interrupted("spot_only", hours{11});
  experiment.market.pools[0].lifetime.reset();
  experiment.mixes[0].recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  experiment.mixes[0].recovery.checkpoint.read = Duration{0};
  const test::Run run = test::run(experiment);
  CHECK(run.cost_by_purchase.on_demand == Money{});
  // Not one that is slower than on demand.
  Mix& mix = experiment.mixes[0];
  Pool slow = experiment.market.pools[0];
  slow.instance_type = "slow";
  slow.on_demand_price = constant_series(usd_per_hour(30));
  slow.spot_price = constant_series(usd_per_hour(0.1));
  experiment.market.pools.push_back(slow);
  mix.groups[0].pools = {0, 1};
  mix.groups[0].types = {0, 1};
  mix.compositions = Compositions({{{1, 0}, {1}}, {{0, 1}, {0.5}}});
  CHECK(sample_of(experiment, 1).late == 0);
  CHECK(test::run(experiment).cost_by_purchase.on_demand > Money{});
}

TEST_CASE("The guarantee holds on random markets and mixes and checkpoints with on demand always available") {
  int interrupted = 0;
  int with_spot = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    Experiment experiment = test::RandomScene(number).make_far();
    RandomStream random(21, number, 0, Purpose::capacity_path);
    experiment.market.quotas.clear();
    for (Pool& pool : experiment.market.pools) pool.quota = Pool::kNoQuota;
    Mix& mix = experiment.mixes[0];
    mix.policy.guarantee_deadline = true;
    if (mix.policy.decision_interval == Duration{0})
      mix.policy.decision_interval = minutes{1 + static_cast<std::int64_t>(random.below(30))};
    experiment.deadline =
        on_demand_time(experiment) + spare_of(mix) + minutes{static_cast<std::int64_t>(random.below(900))};
    Replication replication(experiment, 0);
    for (std::uint64_t r = 0; r < 5; ++r) {
      const ReplicationOutcome outcome = replication.run(r);
      INFO("scene " << number << " replication " << r << " policy " << mix.policy.name << " gang "
                    << static_cast<int>(mix.gang.kind) << " checkpoints "
                    << static_cast<int>(mix.recovery.checkpoint.kind) << " took "
                    << to_hours(outcome.time_to_train) << " of " << to_hours(*experiment.deadline) << " h");
      CHECK(outcome.finished());
      CHECK(outcome.time_to_train <= *experiment.deadline);
      interrupted += outcome.interruptions > 0 ? 1 : 0;
      with_spot += replication.ledger().cost_by_purchase().spot > Money{} ? 1 : 0;
    }
  }
  CHECK(interrupted > 400);
  CHECK(with_spot > 800);
}
