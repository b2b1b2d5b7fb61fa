// Replays under the assumptions of a tick-based simulator: one decision a tick, one zone, two days of work.
//
// Windows start every few hours over a synthetic trace whose runs of spot availability last hours, as traced
// ones do. The trace is drawn with a fixed seed, so the benchmark needs no data from outside.
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random/random.h"
#include "sim/replay/replication.h"

namespace spotmix::sim {
namespace {

constexpr Duration kTick = minutes{10};
constexpr std::int64_t kTicks = std::int64_t{60} * 24 * 6;

/// Spot that comes and goes: runs of available and unavailable ticks, 4 and 2 hours long in the mean.
CapacitySeries synthetic_availability() {
  RandomStream random(1, 0, 0, Purpose::capacity_path);
  CapacitySeries series;
  series.end = Time{kTicks * kTick};
  Time at{};
  for (int available = 1; at < series.end; available = 1 - available) {
    series.at.push_back(at);
    series.value.push_back(available);
    const double mean_ticks = available == 1 ? 24 : 12;
    at += static_cast<std::int64_t>(1 + random.exponential(mean_ticks)) * kTick;
  }
  return series;
}

Experiment reference_experiment(const char* policy) {
  Experiment experiment;
  Pool pool;
  pool.spot_price = constant_series(usd_per_hour(0.9731));
  pool.on_demand_price = constant_series(usd_per_hour(3.06));
  pool.capacity = synthetic_availability();
  experiment.market.pools = {pool};
  experiment.market.notice = Duration{0};
  experiment.billing = {kTick, Duration{0}, SpotPriceRule::continuous, false, false};
  Mix mix;
  Group group;
  group.pools = {0};
  mix.groups = {group};
  mix.policy.name = policy;
  mix.policy.decision_interval = kTick;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::continuous;
  mix.recovery.restart = minutes{6};
  mix.work = hours{48};
  experiment.mixes = {mix};
  experiment.deadline = hours{56};
  experiment.complete_on_decision = true;
  return experiment;
}

void reference_windows(benchmark::State& state) {
  std::vector<Experiment> experiments;
  for (const char* policy : {"on_demand", "greedy", "uniform_progress", "pair_amortize_avg"}) {
    experiments.push_back(reference_experiment(policy));
  }
  std::vector<Replication> replications;
  replications.reserve(experiments.size());
  for (const Experiment& experiment : experiments) replications.emplace_back(experiment, 0);
  std::int64_t window = 0;
  std::int64_t ticks = 0;
  for ([[maybe_unused]] auto _ : state) {
    window = (window + 37) % (kTicks - 400);
    for (std::size_t i = 0; i < replications.size(); ++i) {
      experiments[i].start.fixed = Time{window * kTick};
      benchmark::DoNotOptimize(replications[i].run(0));
      ticks += replications[i].last_observation().elapsed / kTick;
    }
  }
  state.counters["ticks_per_s"] = benchmark::Counter(static_cast<double>(ticks), benchmark::Counter::kIsRate);
}
BENCHMARK(reference_windows)->Name("replay/reference_windows");

}  // namespace
}  // namespace spotmix::sim
