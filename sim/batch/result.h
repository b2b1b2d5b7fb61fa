// What a batch answers: per mix, time-to-train and dollars, with their spread and their odds.
//
// Times in seconds and money in US dollars as doubles: these are statistics of exact integers, made at the
// end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/billing/bill.h"
#include "sim/replay/outcome.h"

namespace spotmix::sim {

/// Statistics of a sample. `stddev` divides by n − 1; quantiles interpolate linearly between order statistics
/// (Hyndman and Fan 1996, type 7); `ci95` is Student's t interval of the mean. With n = 1, stddev and ci95
/// are unknown. The least and the greatest value are unknown to results of older versions.
struct SampleSummary {
  double mean = 0;
  std::optional<double> stddev;
  double p05 = 0;
  double p50 = 0;
  double p95 = 0;
  std::optional<std::array<double, 2>> ci95;
  std::optional<double> min{};
  std::optional<double> max{};

  /// If no value differs from another.
  bool constant() const { return min && max && *min == *max; }
};

/// A proportion with its 95 % Wilson score interval (Wilson 1927); without one if nothing is left to chance.
struct Proportion {
  double value = 0;
  std::optional<std::array<double, 2>> ci95;
};

/// Where the variance of a figure's logarithm comes from (sim/batch/spread.h); the shares have the sum 1.
struct SpreadShares {
  double market = 0;
  double step_time = 0;
  double convergence = 0;
};

/// Mean cost in US dollars under both views of reservations (docs/rules.md 7): their share of the term's
/// price for the job's clock-hours, or nothing, since they are paid already.
struct ReservedViews {
  double amortised = 0;
  double marginal = 0;
};

struct MixResult {
  std::string name;
  std::optional<std::string> infeasible_reason;  ///< then nothing below is known
  /// Replications that were simulated: a single one if nothing in the mix is left to chance.
  std::uint64_t simulated = 0;

  std::optional<SampleSummary> time_to_train_s;  ///< over finished replications; unknown when none finished
  std::optional<SampleSummary> cost_usd;         ///< over all replications, finished or not
  std::optional<SpreadShares> cost_spread;       ///< nullopt if nothing varies
  std::optional<SpreadShares> time_spread;       ///< the same of time_to_train_s
  std::optional<SampleSummary> interruptions;
  std::optional<SampleSummary> goodput;       ///< useful instance time ÷ billed instance time
  CostByPurchase<double> cost_breakdown_usd;  ///< means
  /// Means. What is paid beside instances is unknown to results of older versions, which have it among the
  /// rest.
  CostByCause<double, std::optional<double>> cost_by_cause_usd;
  std::optional<ReservedViews> reserved_views_usd;  ///< of mixes with reserved instances
  ByCause<double> time_by_cause_s;                  ///< means, wall clock
  Proportion finished;
  std::optional<Proportion> on_time;        ///< when the scenario has a deadline
  std::optional<Proportion> within_budget;  ///< when it has a budget: finished at a cost not above it
  std::uint64_t outlived_traces = 0;  ///< replications that went on after a trace ended; not kept in files
  bool on_pareto_front = false;       ///< no other mix is at once faster and cheaper, in the mean
  std::uint64_t fingerprint = 0;      ///< of all replications, in order: equal runs have equal fingerprints
  std::vector<ReplicationOutcome> replications;  ///< in order; kept only when asked for
};

struct BatchResult {
  std::uint64_t seed = 0;
  std::uint64_t replications = 0;  ///< Of the mix that has most.
  std::vector<MixResult> mixes;    ///< in the order of the experiment
};

}  // namespace spotmix::sim
