#include "sim/batch/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/statistics/intervals.h"
#include "base/statistics/quantile.h"
#include "base/units/digits.h"

namespace spotmix::sim {

SampleSummary summarize(std::span<const double> sample, std::vector<double>& sorted_scratch) {
  assert(!sample.empty());
  SampleSummary summary;
  const auto n = static_cast<double>(sample.size());
  // From the first value on: a sample of equal values then has exactly that mean and no deviation.
  double sum = 0;
  for (const double x : sample) sum += x - sample.front();
  summary.mean = sample.front() + sum / n;
  if (sample.size() > 1) {
    double squares = 0;
    for (const double x : sample) squares += (x - summary.mean) * (x - summary.mean);
    summary.stddev = std::sqrt(squares / (n - 1));
    const double half = student_quantile(n - 1, 0.975) * *summary.stddev / std::sqrt(n);
    summary.ci95 = {to_digits(summary.mean - half), to_digits(summary.mean + half)};
  }
  sorted_scratch.assign(sample.begin(), sample.end());
  std::sort(sorted_scratch.begin(), sorted_scratch.end());
  summary.p05 = quantile(sorted_scratch, 0.05);
  summary.p50 = quantile(sorted_scratch, 0.50);
  summary.p95 = quantile(sorted_scratch, 0.95);
  summary.min = sorted_scratch.front();
  summary.max = sorted_scratch.back();
  return summary;
}

Proportion proportion(std::uint64_t successes, std::uint64_t trials) {
  assert(trials >= 1);
  return {static_cast<double>(successes) / static_cast<double>(trials), wilson_95(successes, trials)};
}

}  // namespace spotmix::sim
