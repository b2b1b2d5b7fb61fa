// What every report shows: the results of one scenario with the names and settings a reader needs beside
// them.
//
// The batch's mixes, `steps` and each replay's `mix` use the same order: that of the scenario. Unknown is
// nullopt, never 0.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/units/money.h"
#include "base/units/time.h"
#include "models/provenance/source.h"
#include "reports/results/market_history.h"
#include "reports/results/parallelism.h"
#include "reports/results/reproduction.h"
#include "sim/batch/result.h"
#include "sim/replay/timeline.h"

namespace spotmix::reports {

struct PoolName {
  std::string instance_type;
  std::string zone;
};

/// Memory of the fullest device, by part, in GiB.
struct MemoryFigures {
  double parameters = 0;
  double gradients = 0;
  double optimizer = 0;
  double activations = 0;
  double buffers = 0;
  double reserved = 0;
  double limit = 0;  ///< what the device has
};

/// How well the hardware is used, and what training costs by amount (docs/results.md).
struct RateFigures {
  std::optional<double> mfu;
  std::optional<double> hfu;
  std::optional<double> model_tflop_per_s_per_device;
  std::optional<double> tokens_per_s;
  std::optional<double> device_hours;
  std::optional<double> usd_per_million_tokens;
  std::optional<double> usd_per_million_samples;
};

/// What is known of how far the step's time is off: it takes its time × exp(ε), ε normally distributed.
struct StepErrorFigures {
  double sigma = 0;  ///< Standard deviation of ε.
  /// The sources' shares of the squared error, by the figure that they are of; the largest first.
  std::vector<std::pair<std::string, double>> by_cause;
};

/// One training step of a mix. A figure that the scenario gives no way to know is unknown.
struct StepFigures {
  std::optional<double> time_s;
  std::optional<double> compute_s;
  std::optional<double> communication_s;
  std::optional<double> exposed_communication_s;
  std::optional<double> bubble_s;
  std::optional<double> samples_per_s;
  std::optional<double> memory_per_device_gib;
  std::optional<MemoryFigures> memory;
  std::optional<ParallelismFigures> parallelism;
  std::optional<RateFigures> rates;
  std::optional<StepErrorFigures> error;
};

/// The story and the bill of one replication of one mix.
struct Replay {
  std::size_t mix = 0;
  std::uint64_t replication = 0;
  sim::ReplicationRecord record;
};

/// A mix that was run at three points of its Spot Advisor bands: an interval, never a point. Indices into the
/// batch's mixes, from the fewest interruptions to the most.
struct AdvisorRange {
  std::string mix;
  std::size_t low = 0;
  std::size_t middle = 0;
  std::size_t high = 0;
};

/// How one mix stands to one limit that the scenario sets.
struct ThresholdResult {
  std::string mix;  ///< Empty if the limit is on the verdict's mix and no mix makes it.
  std::string metric;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<double> value;
  bool met = false;
  bool excludes_limit = false;  ///< the bounds themselves are not allowed
};

/// A doubt about the results, of one mix or of the whole scenario.
struct Warning {
  std::string code;  ///< Its kind, for programs (docs/results.md).
  std::optional<std::string> mix;
  std::string text;

  bool operator==(const Warning&) const = default;
};

struct Report {
  std::string spotmix_version;
  std::string scenario;
  std::string description;
  std::vector<std::string> settings;  ///< What --set changed in the scenario's file, "PATH=VALUE" each.
  std::optional<Duration> deadline;
  std::optional<Money> budget;
  std::vector<PoolName> pools;  ///< in the order of Market::pools
  sim::BatchResult batch;
  std::vector<std::optional<StepFigures>> steps;  ///< one for each mix
  /// For each mix where its figures come from; empty lists where nobody said.
  std::vector<std::vector<models::Source>> sources;
  std::vector<Replay> replays;  ///< empty when none was asked for
  std::vector<ThresholdResult> thresholds;
  std::optional<MarketHistory> market;       ///< kept when a report that draws it is asked for
  std::optional<Reproduction> reproduction;  ///< unknown for results that were not made from a file
  std::vector<AdvisorRange> advisor_ranges;
  std::vector<Warning> warnings;
  std::set<std::size_t> references;  ///< Mixes that are shown for comparison and not judged.
  /// Mixes with spot instances that nothing in the scenario takes away: their odds know no such risk.
  std::set<std::size_t> uninterrupted;
};

inline const std::vector<models::Source>& sources_of(const Report& report, std::size_t mix) {
  static const std::vector<models::Source> kNone;
  return mix < report.sources.size() ? report.sources[mix] : kNone;
}

inline bool feasible(const sim::MixResult& mix) {
  return !mix.infeasible_reason.has_value();
}

/// If nothing in the mix is left to chance; such a mix is simulated once, and its odds have no interval.
inline bool certain(const sim::MixResult& mix) {
  return feasible(mix) && !mix.finished.ci95;
}

}  // namespace spotmix::reports
