// What the engine adds to every event: the watch over its limits, the fingerprint, and a random number.
#include <cstdint>

#include <benchmark/benchmark.h>

#include "base/events/fingerprint.h"
#include "base/events/limits.h"
#include "base/random/random.h"

namespace {

using spotmix::EngineGuard;
using spotmix::Fingerprint;
using spotmix::Purpose;
using spotmix::RandomStream;

void guard(benchmark::State& state) {
  EngineGuard guard({.max_events = ~std::uint64_t{0}});
  std::int64_t ticks = 0;
  for ([[maybe_unused]] auto _ : state) {
    guard.on_event(ticks, static_cast<unsigned>(ticks & 7));
    ticks += 3;
  }
  benchmark::DoNotOptimize(guard.events());
}

void fingerprint(benchmark::State& state) {
  Fingerprint fingerprint;
  std::int64_t ticks = 0;
  for ([[maybe_unused]] auto _ : state) fingerprint.add(++ticks, 3, 17, 250);
  benchmark::DoNotOptimize(fingerprint.value());
}

void uniform(benchmark::State& state) {
  RandomStream stream(1, 2, 3, Purpose::boot_time);
  double sum = 0;
  for ([[maybe_unused]] auto _ : state) sum += stream.uniform();
  benchmark::DoNotOptimize(sum);
}

void exponential(benchmark::State& state) {
  RandomStream stream(1, 2, 3, Purpose::boot_time);
  double sum = 0;
  for ([[maybe_unused]] auto _ : state) sum += stream.exponential(3600.0);
  benchmark::DoNotOptimize(sum);
}

}  // namespace

BENCHMARK(guard)->Name("engine/guard");
BENCHMARK(fingerprint)->Name("engine/fingerprint");
BENCHMARK(uniform)->Name("engine/uniform");
BENCHMARK(exponential)->Name("engine/exponential");
