// What `spotmix check` compares with: the results of some scenarios as they were when they were approved.
//
// A baseline is one JSON file. It keeps every figure of every mix, the hashes of what they depend on, and,
// packed, every replication: two runs with one seed share their random numbers, so that a difference is
// judged replication by replication.
#pragma once

#include <filesystem>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// One line that says what is wrong with a baseline, or why it does not fit.
class BadBaseline : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct BaselineMix {
  std::string name;
  bool feasible = true;
  /// Every metric (reports/results/figures.h) by name; nothing where it is unknown.
  std::vector<std::pair<std::string, std::optional<double>>> metrics;
  std::vector<sim::ReplicationOutcome> replications;
};

struct BaselineScenario {
  std::string name;
  std::string spotmix_version;
  std::uint64_t seed = 0;
  std::optional<Duration> deadline;
  std::optional<Money> budget;
  std::vector<Input> inputs;
  std::vector<BaselineMix> mixes;
  std::optional<std::vector<Warning>> warnings{};  ///< Unknown to older baselines.
  std::optional<std::string> winner{};  ///< The verdict's mix, empty if none; unknown to older baselines.

  /// Of each mix that can train; 0 where none can.
  std::size_t replications() const;
};

struct Baseline {
  std::vector<BaselineScenario> scenarios;
};

/// Needs the replications of every report kept.
BaselineScenario baseline_of(const Report& report);

void write_baseline(const Baseline& baseline, std::ostream& out);

/// Throws BadBaseline naming the file: it cannot be read, is not a baseline, or is of another version.
Baseline read_baseline(const std::filesystem::path& file);

}  // namespace spotmix::reports
