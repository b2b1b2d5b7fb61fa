// Random experiments whose moments and durations are all multiples of one tick.
#pragma once

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "base/random/random.h"
#include "sim/fleet/policy.h"
#include "tests/sim/replay/scene.h"

namespace spotmix::sim::naive {

/// What scenes may have besides one group of spot instances, a rigid gang, a fixed policy and plain bills.
struct Width {
  bool billing = false;       ///< Granularity, minimum, anchored and whole hours, surcharges, fees, storage.
  bool checkpoints = false;   ///< Of all kinds, with increments and uploads.
  bool policies = false;      ///< All of them, with deadlines and decisions at intervals.
  bool groups = false;        ///< Several, with weights, allocations, launch groups, quotas, reservations.
  bool gangs = false;         ///< Of all kinds.
  bool notices = false;       ///< And recommendations before them.
  bool compositions = false;  ///< Of types that differ in speed, some of which cannot train together.
};

struct Scene {
  Experiment experiment;
  Duration tick{0};
};

class SceneMaker {
 public:
  SceneMaker(std::uint64_t number, const Width& width)
      : random_(12, number, 0, Purpose::capacity_path), width_(width) {}

  Scene make() {
    constexpr std::int64_t kSeconds[] = {7, 20, 60, 97, 300};
    tick_ = seconds{kSeconds[random_.below(5)]};
    apart_ = below(2) == 0;
    std::vector<Pool> pools;
    const std::int64_t count = 1 + below(4);
    for (std::int64_t p = 0; p < count; ++p) pools.push_back(pool(p));
    Experiment experiment = test::scene(std::move(pools));
    experiment.seed = random_.next_u64();
    experiment.start.fixed = Time{ticks(below(30))};
    experiment.horizon = ticks(300 + below(300));
    Mix& mix = experiment.mixes[0];
    mix.work = ticks(30 + below(150)) + Duration{below(2) * below(1'000'000'000)};
    mix.groups[0].count = static_cast<int>(1 + below(5));
    mix.launch.pending = ticks(below(3));
    mix.launch.boot = ticks(below(3));
    mix.launch.retry = ticks(below(6));
    mix.recovery.restart = ticks(below(4));
    Market& market = experiment.market;
    if (below(3) == 0) market.regime = Regime::aws_auction;
    market.notice = Duration{0};
    if (below(3) == 0) mix.groups[0].max_price = price(150);
    if (width_.notices) {
      market.notice = ticks(below(6));
      market.rebalance_lead = ticks(below(3) == 0 ? below(6) : 0);
    }
    if (width_.groups) set_groups(experiment);
    if (width_.gangs && below(2) == 0) set_gang(mix);
    if (width_.checkpoints) set_checkpoints(mix.recovery.checkpoint);
    if (width_.compositions && below(2) == 0) set_compositions(experiment);
    if (width_.billing) set_bills(experiment);
    if (width_.policies) set_policy(experiment);
    if (below(3) == 0) mix.step_error = {0.1 * static_cast<double>(1 + below(8)), "device / model / stack"};
    return {std::move(experiment), tick_};
  }

 private:
  /// What a pool gives changes at multiples of so many ticks, further apart than any announcement reaches: a
  /// pool tells only whom its next change takes.
  static constexpr std::int64_t kBetweenChanges = 12;

  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(n)));
  }
  Duration ticks(std::int64_t n) const { return n * tick_; }
  /// Up to so many cents, and a fraction that makes every bill round.
  HourlyPrice price(std::int64_t cents) { return {(1 + below(cents)) * 10'000'000 + below(1000)}; }

  /// When something in a pool changes.
  std::vector<Time> changes(std::int64_t pool) {
    std::vector<Time> all{Time{}};
    for (std::int64_t k = 1 + below(12); k * kBetweenChanges < 700; k += 1 + below(12))
      all.push_back(change(pool, k));
    return all;
  }
  Time change(std::int64_t pool, std::int64_t k) const {
    return Time{ticks(kBetweenChanges * k + (apart_ ? 3 * pool : 0))};
  }

  Pool pool(std::int64_t number) {
    Pool pool = test::pool();
    pool.zone = std::string(1, static_cast<char>('a' + number));
    pool.spot_price = PriceSeries{};
    pool.on_demand_price = constant_series(price(500));
    for (const Time at : changes(number)) {
      pool.spot_price.at.push_back(at);
      pool.spot_price.value.push_back(price(300));
    }
    if (below(4) != 0) {
      pool.capacity = CapacitySeries{};
      for (const Time at : changes(number)) {
        pool.capacity.at.push_back(at);
        pool.capacity.value.push_back(static_cast<int>(below(7)));
      }
      if (below(8) == 0) pool.capacity.end = std::max(pool.capacity.at.back(), Time{ticks(200 + below(500))});
      pool.capacity_is_binary = below(6) == 0;
    }
    return pool;
  }

  void set_groups(Experiment& experiment) {
    Mix& mix = experiment.mixes[0];
    for (Pool& pool : experiment.market.pools) {
      const bool large = below(2) == 0;
      pool.instance_type = large ? "large" : "small";
      pool.vcpus = large ? 8 : 4;
    }
    if (below(3) == 0) {
      experiment.market.quotas = {{"P", static_cast<int>(below(40)), static_cast<int>(below(40))}};
      for (Pool& pool : experiment.market.pools) pool.quota = 0;
    }
    if (below(4) == 0) experiment.market.capacity_when_available = static_cast<int>(1 + below(6));
    if (below(3) == 0) mix.groups.push_back(mix.groups[0]);
    for (Group& group : mix.groups) {
      group.count = static_cast<int>(1 + below(5));
      group.allocation = static_cast<Allocation>(below(5));
      group.launch_together = apart_ && below(4) == 0;
      if (below(5) == 0) group.purchase = below(3) == 0 ? Purchase::reserved : Purchase::on_demand;
      if (group.purchase != Purchase::spot) group.max_price.reset();
      if (below(2) == 0) continue;
      for (const std::uint32_t pool : group.pools)
        group.weights.push_back(experiment.market.pools[pool].instance_type == "large" ? 2 : 1);
    }
  }

  void set_gang(Mix& mix) {
    int units = 0;
    for (const Group& group : mix.groups) units += group.count;
    mix.gang.kind = static_cast<GangKind>(apart_ ? 1 + below(3) : 1);
    mix.gang.stages = static_cast<int>(1 + below(std::min(units, 4)));
    mix.gang.max_pipelines = std::max(1, units / mix.gang.stages - static_cast<int>(below(2)));
    mix.gang.global_rendezvous = ticks(below(3));
    mix.gang.min_units = static_cast<int>(1 + below(units));
    mix.gang.multiple_of = below(3) == 0 ? 2 : 1;
    mix.gang.reconfigure = ticks(below(3));
    mix.gang.survivors_hold_state = below(2) == 0;
    const bool pipelines = mix.gang.kind == GangKind::redundant_pipelines;
    if (pipelines) {
      for (Group& group : mix.groups) group.weights.clear();
    } else if (below(2) == 0) {
      return;
    }
    const int most = pipelines ? mix.gang.max_pipelines : units;
    for (int i = 0; i <= most; ++i) mix.gang.speed.push_back(0.05 + 0.95 * i / most);
  }

  void set_checkpoints(CheckpointSpec& checkpoint) {
    checkpoint.kind = static_cast<CheckpointSpec::Kind>(below(3));
    checkpoint.interval = ticks(2 + below(25));
    checkpoint.write = ticks(below(3));
    checkpoint.upload = std::min(checkpoint.interval, ticks(below(4)));
    checkpoint.read = ticks(below(3));
    checkpoint.on_notice = below(2) == 0;
    if (below(2) == 0) return;
    checkpoint.full_every = static_cast<int>(1 + below(3));
    checkpoint.write_increment = ticks(below(2));
    checkpoint.upload_increment = std::min(checkpoint.interval, ticks(below(3)));
    checkpoint.read_increment = ticks(below(2));
  }

  /// Two types, whose numbers decide on speed and on the times of checkpoints.
  void set_compositions(Experiment& experiment) {
    Mix& mix = experiment.mixes[0];
    int units = 0;
    for (Group& group : mix.groups) {
      units += group.count;
      for (const std::uint32_t pool : group.pools)
        group.types.push_back(experiment.market.pools[pool].instance_type == "large" ? 1 : 0);
    }
    std::vector<Compositions::Entry> entries;
    for (int small = 0; small <= units; ++small) {
      for (int large = small == 0 ? 1 : 0; large <= units; ++large) {
        if (small > 0 && below(10) == 0) continue;
        entries.push_back({{small, large}, composition(mix.recovery.checkpoint)});
        if (large > 0 && small > 0 && below(5) == 0) entries.back().composition.speed = 0;
      }
    }
    if (below(4) == 0) {  // one of the types does not do at all
      for (Compositions::Entry& entry : entries) {
        if (entry.counts[0] > 0) entry.composition.speed = 0;
      }
    }
    mix.compositions = Compositions(std::move(entries));
  }

  Composition composition(const CheckpointSpec& checkpoint) {
    Composition composition;
    composition.speed = 0.05 * static_cast<double>(1 + below(40));
    CheckpointTimes& times = composition.checkpoint;
    times.write = ticks(below(3));
    times.upload = std::min(checkpoint.interval, ticks(below(4)));
    times.read = ticks(below(3));
    times.write_increment = ticks(below(2));
    times.upload_increment = std::min(checkpoint.interval, ticks(below(3)));
    times.read_increment = ticks(below(2));
    if (below(2) == 0)
      composition.step_error = {0.1 * static_cast<double>(1 + below(5)), below(2) == 0 ? "one" : "other"};
    return composition;
  }

  void set_bills(Experiment& experiment) {
    BillingRules& rules = experiment.billing;
    rules.whole_spot_hours =
        experiment.market.regime == Regime::aws_auction && below(2) == 0 && hours_are_whole();
    rules.granularity = seconds{below(2) == 0 ? 1 : 1 + below(4000)};
    rules.minimum = seconds{below(2) == 0 ? 60 : below(4000)};
    rules.first_hour_free = below(2) == 0;
    if (below(2) == 0 && hours_are_whole()) rules.spot_price = SpotPriceRule::hour_anchored;
    if (below(4) == 0) rules.reserved_view = ReservedView::marginal;
    for (std::size_t p = 0; p < experiment.market.pools.size(); ++p) {
      Pool& pool = experiment.market.pools[p];
      pool.reserved_price = price(200);
      if (below(3) == 0) pool.surcharge = price(20);
      if (below(3) == 0) pool.service_fee = price(20);
      if (below(3) == 0)
        pool.on_demand_price = test::series<HourlyPrice>(
            {{Duration{}, price(500)},
             {change(static_cast<std::int64_t>(p), 5 + below(20)).time_since_epoch(), price(500)}});
    }
    SurroundingCosts& costs = experiment.mixes[0].surroundings;
    if (below(3) == 0) costs.volume_per_instance = price(10);
    if (below(3) == 0) costs.storage = price(10);
    if (below(3) == 0) costs.per_checkpoint = {below(1'000'000)};
    if (below(3) == 0) costs.per_increment = {below(1'000'000)};
    if (below(3) == 0) costs.per_restore = {below(1'000'000)};
    if (below(3) == 0) costs.per_restored_increment = {below(1'000'000)};
  }

  /// Hours begin at a tick.
  bool hours_are_whole() const { return hours{1} % tick_ == Duration{0}; }

  void set_policy(Experiment& experiment) {
    Mix& mix = experiment.mixes[0];
    const std::vector<const char*> names{
        "fixed",        "on_demand_fallback", "on_demand",         "spot_only",     "greedy",
        "rc_threshold", "uniform_progress",   "ideal_no_overhead", "pair_amortize", "pair_amortize_avg"};
    mix.policy.name = names[random_.below(names.size())];
    const PolicyEntry& entry = *find_policy(mix.policy.name);
    experiment.deadline = ticks(60 + below(400));
    mix.policy.guarantee_deadline = below(4) == 0;
    if (entry.watches_deadline || mix.policy.guarantee_deadline || below(2) == 0)
      mix.policy.decision_interval = ticks(1 + below(20));
    mix.policy.fallback_wait = ticks(below(40));
    mix.policy.pair_slice = ticks(20 + below(150));
    experiment.complete_on_decision = below(6) == 0;
  }

  Duration tick_{0};
  /// No two pools change at one time. Which of them comes first is not written anywhere, and it matters where
  /// the loss in one is also a loss in the other (launch groups), or breaks another pipeline.
  bool apart_ = false;
  RandomStream random_;
  Width width_;
};

/// Everything that a scene has, so that it can be built by hand.
inline std::string written_out(const Scene& scene) {
  const Experiment& experiment = scene.experiment;
  const Market& market = experiment.market;
  const Mix& mix = experiment.mixes[0];
  std::ostringstream out;
  const auto ticks = [&](Duration time) { return to_seconds(time) / to_seconds(scene.tick); };
  const auto moment = [&](Time time) { return ticks(time.time_since_epoch()); };
  out << "tick " << to_seconds(scene.tick) << " s; all times in ticks\n"
      << "start " << moment(experiment.start.fixed) << " horizon " << ticks(experiment.horizon)
      << " deadline " << ticks(experiment.deadline.value_or(Duration{0})) << " seed " << experiment.seed
      << " polled " << experiment.complete_on_decision << "\nauction "
      << (market.regime == Regime::aws_auction) << " notice " << ticks(market.notice) << " lead "
      << ticks(market.rebalance_lead);
  for (const Quota& quota : market.quotas)
    out << " quota " << quota.spot_vcpus << '/' << quota.on_demand_vcpus;
  for (const Pool& pool : market.pools) {
    out << "\npool " << pool.instance_type << '/' << pool.zone << " binary " << pool.capacity_is_binary
        << " spot";
    for (std::size_t i = 0; i < pool.spot_price.at.size(); ++i)
      out << ' ' << moment(pool.spot_price.at[i]) << ':' << pool.spot_price.value[i].nano_usd_per_h;
    out << " on demand";
    for (const HourlyPrice price : pool.on_demand_price.value) out << ' ' << price.nano_usd_per_h;
    out << " from " << moment(pool.on_demand_price.at.back()) << " capacity";
    for (std::size_t i = 0; i < pool.capacity.at.size(); ++i)
      out << ' ' << moment(pool.capacity.at[i]) << ':' << pool.capacity.value[i];
  }
  for (const Group& group : mix.groups) {
    out << "\ngroup of " << group.count << " bought " << static_cast<int>(group.purchase) << " allocated "
        << static_cast<int>(group.allocation) << " together " << group.launch_together << " limit "
        << (group.max_price ? group.max_price->nano_usd_per_h : -1) << " weights";
    for (const int weight : group.weights) out << ' ' << weight;
  }
  const CheckpointSpec& checkpoint = mix.recovery.checkpoint;
  out << "\npolicy " << mix.policy.name << " every " << ticks(mix.policy.decision_interval) << " wait "
      << ticks(mix.policy.fallback_wait) << " guarantee " << mix.policy.guarantee_deadline << "\nlaunch "
      << ticks(mix.launch.pending) << " + " << ticks(mix.launch.boot) << " retry " << ticks(mix.launch.retry)
      << " restart " << ticks(mix.recovery.restart) << "\ngang " << static_cast<int>(mix.gang.kind) << " of "
      << mix.gang.stages << " stages, at most " << mix.gang.max_pipelines << ", from " << mix.gang.min_units
      << " by " << mix.gang.multiple_of << " reconfigure " << ticks(mix.gang.reconfigure) << " survivors "
      << mix.gang.survivors_hold_state << " table " << !mix.gang.speed.empty() << "\ncheckpoints "
      << static_cast<int>(checkpoint.kind) << " every " << ticks(checkpoint.interval) << " write "
      << ticks(checkpoint.write) << " upload " << ticks(checkpoint.upload) << " read "
      << ticks(checkpoint.read) << " full every " << checkpoint.full_every << " increments "
      << ticks(checkpoint.write_increment) << ", " << ticks(checkpoint.upload_increment) << ", "
      << ticks(checkpoint.read_increment) << " on notice " << checkpoint.on_notice << "\nwork "
      << ticks(mix.work) << " step error " << mix.step_error.sigma << '\n';
  for (const Compositions::Entry& entry : mix.compositions.entries()) {
    const CheckpointTimes& times = entry.composition.checkpoint;
    out << "composition";
    for (const int count : entry.counts) out << ' ' << count;
    out << " speed " << entry.composition.speed << " step error " << entry.composition.step_error.sigma
        << " of " << entry.composition.step_error.stream << " write " << ticks(times.write) << " upload "
        << ticks(times.upload) << " read " << ticks(times.read) << " increments "
        << ticks(times.write_increment) << ", " << ticks(times.upload_increment) << ", "
        << ticks(times.read_increment) << '\n';
  }
  return out.str();
}

}  // namespace spotmix::sim::naive
