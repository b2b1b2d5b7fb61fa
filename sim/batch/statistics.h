// Statistics of replications. Sums run over the sample in the order given, so equal samples give equal bits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/batch/result.h"

namespace spotmix::sim {

/// Summarises a sample; `sorted_scratch` is overwritten with the sample in ascending order. The sample must
/// not be empty.
SampleSummary summarize(std::span<const double> sample, std::vector<double>& sorted_scratch);

/// Student's t quantile: P(|T| ≤ t) = 0.95 at `degrees` ≥ 1 degrees of freedom.
double student_t_95(std::uint64_t degrees);

/// `successes` of `trials` ≥ 1.
Proportion wilson_95(std::uint64_t successes, std::uint64_t trials);

}  // namespace spotmix::sim
