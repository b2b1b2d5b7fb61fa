// The figures of a mix that its replications tell, and how sure the difference between two such figures is.
#pragma once

#include <span>
#include <vector>

#include "reports/results/figures.h"

namespace spotmix::reports {

/// Metrics that are statistics over replications, in the order of the result JSON.
const std::vector<const Metric*>& sampled_metrics();

/// One value for each of sampled_metrics; NaN where it is unknown.
using SampledFigures = std::vector<double>;

/// The replications of a mix and what they are judged by.
struct Sample {
  std::span<const sim::ReplicationOutcome> replications;
  Limits limits;
};

SampledFigures figures_of(const Sample& sample);

/// The standard errors of new − old, each by the bootstrap (Efron 1979) with 200 resamples from a fixed
/// stream. Paired samples (as many replications with the same random numbers) are resampled together, so that
/// what both have in common cancels. 0 where the difference is the same in every resample.
SampledFigures standard_errors(const Sample& old_sample, const Sample& new_sample, bool paired);

/// Whether all replications came to the same.
bool without_spread(const Sample& sample);

}  // namespace spotmix::reports
