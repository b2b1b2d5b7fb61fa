// A whole batch: the nine-zone example, all mixes, 100,000 replications on two threads, in a child process.
#include <cstdio>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

namespace {

constexpr int kReplications = 100'000;

struct Measured {
  double seconds = 0;
  double peak_kib = 0;
};

/// Runs the child and reads the two numbers that it prints; zeros when it failed.
Measured run_child() {
  const std::string command = std::string(SPOTMIX_NINE_ZONE_BATCH) + " " + SPOTMIX_SOURCE_DIR +
                              "/scenarios/examples/nine-zone-p3.json " + std::to_string(kReplications) + " 2";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  Measured measured;
  if (!pipe || std::fscanf(pipe.get(), "%lf %lf", &measured.seconds, &measured.peak_kib) != 2) return {};
  return measured;
}

void nine_zone(benchmark::State& state) {
  Measured measured;
  for (auto _ : state) {
    measured = run_child();
    if (measured.seconds <= 0) {
      state.SkipWithError("the child process failed");
      return;
    }
    state.SetIterationTime(measured.seconds);
  }
  state.counters["replications_per_s"] = kReplications / measured.seconds;
  state.counters["peak_rss_mib"] = measured.peak_kib / 1024;
}
BENCHMARK(nine_zone)->Name("batch/nine_zone")->UseManualTime()->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
