#include "sim/batch/statistics.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "base/units/digits.h"

namespace spotmix::sim {
namespace {

/// Hyndman and Fan's type 7: linear between the order statistics around (n − 1) p.
double quantile(std::span<const double> sorted, double p) {
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double fraction = position - static_cast<double>(below);
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

}  // namespace

double student_t_95(std::uint64_t degrees) {
  const boost::math::students_t distribution(static_cast<double>(degrees));
  return boost::math::quantile(distribution, 0.975);
}

SampleSummary summarize(std::span<const double> sample, std::vector<double>& sorted_scratch) {
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
    const double half = student_t_95(sample.size() - 1) * *summary.stddev / std::sqrt(n);
    summary.ci95 = {to_digits(summary.mean - half), to_digits(summary.mean + half)};
  }
  sorted_scratch.assign(sample.begin(), sample.end());
  std::sort(sorted_scratch.begin(), sorted_scratch.end());
  summary.p05 = quantile(sorted_scratch, 0.05);
  summary.p50 = quantile(sorted_scratch, 0.50);
  summary.p95 = quantile(sorted_scratch, 0.95);
  return summary;
}

Proportion wilson_95(std::uint64_t successes, std::uint64_t trials) {
  constexpr double kZ = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double scale = 1 / (1 + kZ * kZ / n);
  const double centre = scale * (p + kZ * kZ / (2 * n));
  const double half = scale * kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  // Exactly 0 and 1 at the ends, where rounding would leave a trace.
  return {p, {successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half}};
}

}  // namespace spotmix::sim
