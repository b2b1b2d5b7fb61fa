// A whole batch: the nine-zone example, all mixes, on two threads, in a child process; as it is, and under
// each source of interruptions and each strategy of batch/strategies.json.
#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>

#include <benchmark/benchmark.h>

namespace {

struct Measured {
  double seconds = 0;
  double peak_kib = 0;
};

/// Runs the child and reads the two numbers that it prints; zeros when it failed.
Measured run_child(int replications, const std::string& strategy) {
  const std::string command = std::string(SPOTMIX_NINE_ZONE_BATCH) + " " + SPOTMIX_SOURCE_DIR +
                              "/scenarios/examples/nine-zone-p3.json " + std::to_string(replications) +
                              " 2 " + strategy;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 128> line{};
  if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr) return {};
  Measured measured;
  if (!(std::istringstream(line.data()) >> measured.seconds >> measured.peak_kib)) return {};
  return measured;
}

void nine_zone(benchmark::State& state, int replications, const std::string& strategy) {
  Measured measured;
  for ([[maybe_unused]] auto _ : state) {
    measured = run_child(replications, strategy);
    if (measured.seconds <= 0) {
      state.SkipWithError("the child process failed");
      return;
    }
    state.SetIterationTime(measured.seconds);
  }
  state.counters["replications_per_s"] = replications / measured.seconds;
  state.counters["peak_rss_mib"] = measured.peak_kib / 1024;
}

void add(const std::string& name, int replications, const std::string& strategy) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) { nine_zone(state, replications, strategy); })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kSecond);
}

const bool kAdded = [] {
  add("batch/nine_zone", 100'000, "");
  for (const char* strategy :
       {"hazard_exponential", "hazard_weibull", "hazard_bathtub", "spot_advisor", "zone_reclaims",
        "rebalance", "bootstrap", "lowest_price", "diversified", "capacity_optimized",
        "price_capacity_optimized", "prioritized", "placement_group", "launch_group", "elastic",
        "redundant_pipelines", "templates", "quota"}) {
    add(std::string("batch/nine_zone/") + strategy, 20'000, strategy);
  }
  return true;
}();

}  // namespace
