// Statistics of replications. Sums run over the sample in the order given, so equal samples give equal bits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/batch/result.h"

namespace spotmix::sim {

/// Summarizes a sample; `sorted_scratch` is overwritten with the sample in ascending order.
/// REQUIRES: `sample` is not empty.
SampleSummary summarize(std::span<const double> sample, std::vector<double>& sorted_scratch);

/// `successes` of `trials`.
/// REQUIRES: trials ≥ 1; successes ≤ trials.
Proportion proportion(std::uint64_t successes, std::uint64_t trials);

}  // namespace spotmix::sim
