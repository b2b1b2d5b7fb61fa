// nine_zone_batch SCENARIO REPLICATIONS JOBS: runs a batch in a process of its own and prints the wall time
// in seconds and the peak of its resident memory in KiB, so that neither is anybody else's.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "scenarios/build.h"
#include "scenarios/scenario.h"
#include "sim/batch/batch.h"

namespace {

/// The high-water mark of this process's memory, as the kernel keeps it.
std::int64_t peak_resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace spotmix;
  if (argc != 4) return 2;
  auto scenario = scenarios::load_scenario(argv[1]);
  if (!scenario.value) return 2;
  auto built = scenarios::build_experiment(*scenario.value);
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
