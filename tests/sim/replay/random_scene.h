// Random experiments for properties that hold whatever the market, the fleet and the policy.
#pragma once

#include <algorithm>

#include "base/random/random.h"
#include "sim/market/lifetime.h"
#include "tests/sim/replay/scene.h"

namespace spotmix::sim::test {

class RandomScene {
 public:
  explicit RandomScene(std::uint64_t number) : random_(11, number, 0, Purpose::capacity_path) {}

  /// Up to four pools with prices and capacities that move, one or two groups, any policy, any checkpoints.
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
    const PolicyEntry& policy = policies()[random_.below(policies().size())];
    mix.policy.name = policy.name;
    if (policy.watches_deadline || random_.below(2) == 0) {
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

  /// The same over several zones and two instance types of different weight, with quotas, hazards, reclaims,
  /// bootstrapped histories, placement and launch groups and elastic gangs, each in some scenes.
  Experiment make_wide() {
    Experiment experiment = make();
    spread(experiment.market);
    Mix& mix = experiment.mixes[0];
    for (Group& group : mix.groups) {
      group.allocation = static_cast<Allocation>(random_.below(5));
      group.launch_together = random_.below(4) == 0;
      if (random_.below(2) == 0) continue;
      group.weights.clear();
      for (const std::uint32_t pool : group.pools)
        group.weights.push_back(experiment.market.pools[pool].instance_type == "large" ? 2 : 1);
    }
    mix.launch.single_zone = random_.below(3) == 0;
    if (random_.below(2) == 0) mix.launch.leave_zone_after = minutes{20 + below(60)};
    if (random_.below(4) == 0) {
      mix.gang.kind = GangKind::elastic;
      mix.gang.reconfigure = seconds{below(3) * 30};
      mix.gang.survivors_hold_state = random_.below(2) == 0;
    }
    if (random_.below(4) == 0) experiment.market.bootstrap.block = hours{2 + below(20)};
    return experiment;
  }

  /// The same over up to two regions, with everything that is paid besides instances, and gangs of all kinds.
  Experiment make_far() {
    Experiment experiment = make_wide();
    for (Pool& pool : experiment.market.pools) pool.region = pool.zone == "a" ? 0 : 1;
    Mix& mix = experiment.mixes[0];
    mix.recovery.checkpoint.full_every = static_cast<int>(1 + below(3));
    SurroundingCosts& costs = mix.surroundings;
    const auto price = [&] { return usd_per_hour(0.001 * static_cast<double>(below(100))); };
    const auto money = [&] { return from_usd(0.001 * static_cast<double>(below(100))); };
    costs.volume_per_instance = price();
    costs.storage = price();
    costs.per_checkpoint = money();
    costs.per_increment = money();
    costs.per_restore = money();
    costs.per_restored_increment = money();
    costs.cross_zone_per_boundary = price();
    costs.cross_zone_per_cut = price();
    costs.cross_zone_speed = 0.9;
    costs.cross_region_speed = 0.7;
    costs.regions = 2;
    for (int i = 0; i < 4; ++i) costs.hops.push_back({price(), price(), money(), money()});
    costs.cross_region_read = seconds{below(3) * 30};
    costs.batch_is_scaled = random_.below(2) == 0;
    set_gang(mix);
    return experiment;
  }

 private:
  void set_gang(Mix& mix) {
    mix.gang.kind = static_cast<GangKind>(random_.below(4));
    int units = 0;
    for (const Group& group : mix.groups) units += group.count;
    mix.gang.stages = static_cast<int>(1 + random_.below(static_cast<std::uint64_t>(std::min(units, 3))));
    mix.gang.max_pipelines = units / mix.gang.stages;
    mix.gang.reconfigure = seconds{below(3) * 30};
    mix.gang.global_rendezvous = seconds{below(3) * 60};
    if (mix.gang.kind != GangKind::redundant_pipelines) return;
    for (int pipelines = 0; pipelines <= mix.gang.max_pipelines; ++pipelines)
      mix.gang.speed.push_back(static_cast<double>(pipelines) / mix.gang.max_pipelines);
    for (Group& group : mix.groups) group.weights.clear();
  }

  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(random_.below(n)); }

  Pool random_pool() {
    Pool result = pool();
    result.spot_price = PriceSeries{};
    for (Time at{}; at < Time{hours{100}}; at += minutes{20 + below(300)}) {
      result.spot_price.at.push_back(at);
      result.spot_price.value.push_back(usd_per_hour(0.4 + 0.01 * static_cast<double>(below(300))));
    }
    result.capacity.end = Time{hours{100}};
    for (Time at{}; at < Time{hours{100}}; at += minutes{10 + below(500)}) {
      result.capacity.at.push_back(at);
      result.capacity.value.push_back(static_cast<int>(below(9)));
    }
    return result;
  }

  void spread(Market& market) {
    const bool quotas = random_.below(2) == 0;
    if (quotas) market.quotas = {{"P", static_cast<int>(below(40)), static_cast<int>(below(40))}};
    const auto lifetime = random_lifetime();
    for (std::size_t p = 0; p < market.pools.size(); ++p) {
      Pool& pool = market.pools[p];
      const bool large = random_.below(2) == 0;
      pool.instance_type = large ? "large" : "small";
      pool.zone = std::string(1, static_cast<char>('a' + p / 2));
      pool.vcpus = large ? 8 : 4;
      if (quotas) pool.quota = 0;
      pool.lifetime = lifetime;
      pool.on_demand_price = constant_series(usd_per_hour(large ? 6 : 3));
    }
    if (random_.below(3) == 0) market.zone_reclaims = {hours{2 + below(20)}, 0.5};
    if (random_.below(3) == 0) market.rebalance_lead = minutes{below(10)};
  }

  std::shared_ptr<const LifetimeModel> random_lifetime() {
    switch (random_.below(4)) {
      case 0:
        return exponential_lifetime(0.2);
      case 1:
        return weibull_lifetime(0.6, 6);
      case 2:
        return bathtub_lifetime({0.3, 1, 0.05, 0.5, 2, 12});
      default:
        return nullptr;
    }
  }

  RandomStream random_;
};

}  // namespace spotmix::sim::test
