// nine_zone_batch SCENARIO REPLICATIONS JOBS [STRATEGY]: runs a batch in a process of its own and prints the
// wall time in seconds and the peak of its resident memory in KiB, so that neither is anybody else's. A
// strategy is one of strategies.json: what it changes in the market, in each mix that buys spot, and in its
// groups.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "scenarios/provider/provider.h"
#include "scenarios/scenario.h"
#include "sim/batch/batch.h"

namespace {

using nlohmann::json;

json read_json(const std::string& path) {
  std::ifstream file(path);
  return json::parse(file);
}

/// The scenario's text with the strategy's changes merged in (RFC 7386).
std::string scenario_text(const std::string& path, const std::string& strategy) {
  json scenario = read_json(path);
  if (strategy.empty()) return scenario.dump();
  const json change = read_json(SPOTMIX_STRATEGIES).at(strategy);
  scenario["market"].merge_patch(change.value("market", json::object()));
  for (json& mix : scenario["mixes"]) {
    if (mix.value("policy", json()) == "on_demand") continue;
    mix.merge_patch(change.value("mix", json::object()));
    for (json& group : mix["groups"]) group.merge_patch(change.value("group", json::object()));
  }
  return scenario.dump();
}

/// The high-water mark of this process's memory, as the kernel keeps it.
std::int64_t peak_resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtoll(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace spotmix;
  if (argc != 4 && argc != 5) return 2;
  const scenarios::Provider provider = scenarios::shipped_provider();
  auto scenario =
      scenarios::parse_scenario(argv[1], scenario_text(argv[1], argc == 5 ? argv[4] : ""), provider);
  for (const auto& problem : scenario.problems) fmt::print(stderr, "{}\n", to_line(problem));
  if (!scenario.value) return 2;
  auto built = scenarios::build_experiment(*scenario.value, provider);
  for (const auto& problem : built.problems) fmt::print(stderr, "{}\n", to_line(problem));
  if (!built.value) return 2;
  sim::Experiment& experiment = built.value->experiment;
  experiment.replications = std::strtoull(argv[2], nullptr, 10);
  sim::BatchOptions options;
  options.jobs = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
  const auto begin = std::chrono::steady_clock::now();
  const sim::BatchResult result = sim::run_batch(experiment, options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  if (result.mixes.empty()) return 1;
  fmt::print("{} {}\n", taken.count(), peak_resident_kib());
}
