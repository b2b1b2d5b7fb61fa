#include "reports/results/thresholds.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/results/figures.h"

namespace spotmix::reports {
namespace {

bool within(const std::optional<double>& value, const Threshold& threshold) {
  if (!value) return false;
  if (threshold.excludes_limit && (value == threshold.min || value == threshold.max)) return false;
  return (!threshold.min || *value >= *threshold.min) && (!threshold.max || *value <= *threshold.max);
}

/// A bill is one for training only where training ended: the bill of a mix that never had an instance is $0.
std::optional<double> judged_value(const Metric& metric, const sim::MixResult& mix,
                                   const std::optional<StepFigures>& step) {
  if (mix.finished.value == 0.0 && metric.figure->unit == Unit::usd) return std::nullopt;
  return metric.value(mix, step);
}

std::string allowed_text(const ThresholdResult& result) {
  if (result.min && result.max) return fmt::format("from {} to {}", *result.min, *result.max);
  if (result.min) return fmt::format("{} {}", result.excludes_limit ? "above" : "at least", *result.min);
  return fmt::format("{} {}", result.excludes_limit ? "below" : "at most", *result.max);
}

}  // namespace

std::vector<ThresholdResult> judge(const std::vector<Threshold>& thresholds, const Report& report) {
  std::vector<ThresholdResult> results;
  for (const Threshold& threshold : thresholds) {
    for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
      const sim::MixResult& mix = report.batch.mixes[i];
      if (threshold.mix && *threshold.mix != mix.name) continue;
      const std::optional<double> value =
          judged_value(*find_metric(threshold.metric), mix, report.steps.at(i));
      results.push_back({mix.name, threshold.metric, threshold.min, threshold.max, value,
                         within(value, threshold), threshold.excludes_limit});
    }
  }
  return results;
}

bool any_crossed(const Report& report) {
  return std::any_of(report.thresholds.begin(), report.thresholds.end(),
                     [](const ThresholdResult& result) { return !result.met; });
}

std::string text_of(const ThresholdResult& result) {
  return fmt::format("{} of {} is {}, allowed {}", result.metric, result.mix,
                     result.value ? fmt::format("{:.6g}", *result.value) : "unknown", allowed_text(result));
}

}  // namespace spotmix::reports
