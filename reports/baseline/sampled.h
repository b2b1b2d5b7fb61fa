// The figures of a mix that its replications tell, and how sure the difference between two such figures is.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "reports/baseline/baseline.h"

namespace spotmix::reports {

/// Metrics that are statistics over replications; the names are those of reports/results/metrics.h.
inline constexpr std::array<std::string_view, 15> kSampledMetrics{
    "time_to_train_s.mean", "time_to_train_s.p05", "time_to_train_s.p50",
    "time_to_train_s.p95",  "cost_usd.mean",       "cost_usd.p05",
    "cost_usd.p50",         "cost_usd.p95",        "interruptions.mean",
    "interruptions.p95",    "goodput.mean",        "goodput.p05",
    "finished_fraction",    "on_time_probability", "within_budget_probability"};

/// One value for each of kSampledMetrics; NaN where it is unknown.
using SampledFigures = std::array<double, kSampledMetrics.size()>;

/// What the replications of a mix are judged by.
struct Sample {
  std::span<const sim::ReplicationOutcome> replications;
  std::optional<Duration> deadline;
  std::optional<Money> budget;
};

SampledFigures figures_of(const Sample& sample);

/// The standard errors of new − old, each by the bootstrap (Efron 1979) with 200 resamples from a fixed
/// stream. Paired samples (as many replications with the same random numbers) are resampled together, so that
/// what both have in common cancels. 0 where the difference is the same in every resample.
SampledFigures standard_errors(const Sample& old_sample, const Sample& new_sample, bool paired);

/// Whether all replications came to the same.
bool without_spread(const Sample& sample);

}  // namespace spotmix::reports
