#include "reports/results/thresholds.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/results/verdict.h"

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

bool is_about(const Threshold& threshold, const Report& report, const Verdict& verdict, std::size_t mix) {
  if (threshold.of_best) return verdict.best == mix;
  const std::string& name = report.batch.mixes[mix].name;
  if (threshold.mix) return *threshold.mix == name;
  const auto& except = threshold.except;
  return !report.references.contains(mix) && std::find(except.begin(), except.end(), name) == except.end();
}

}  // namespace

const Metric* threshold_metric(std::string_view name) {
  for (const char* kind : {"", "_probability", "_fraction"}) {
    if (const Metric* metric = find_metric(std::string(name) + kind)) return metric;
  }
  return nullptr;
}

std::vector<ThresholdResult> judge(const std::vector<Threshold>& thresholds, const Report& report) {
  std::vector<ThresholdResult> results;
  const Verdict verdict = verdict_of(report);
  for (const Threshold& threshold : thresholds) {
    const Metric& metric = *threshold_metric(threshold.metric);
    const std::string name = (threshold.of_best ? "best." : "") + metric.name;
    if (threshold.of_best && !verdict.best)
      results.push_back({"", name, threshold.min, threshold.max, {}, false, threshold.excludes_limit});
    for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
      const sim::MixResult& mix = report.batch.mixes[i];
      if (!is_about(threshold, report, verdict, i)) continue;
      const std::optional<double> value = judged_value(metric, mix, report.steps.at(i));
      results.push_back({mix.name, name, threshold.min, threshold.max, value, within(value, threshold),
                         threshold.excludes_limit});
    }
  }
  return results;
}

bool any_crossed(const Report& report) {
  return std::any_of(report.thresholds.begin(), report.thresholds.end(),
                     [](const ThresholdResult& result) { return !result.met; });
}

std::string text_of(const ThresholdResult& result) {
  if (result.mix.empty())
    return fmt::format("{} is unknown: no mix makes it, allowed {}", result.metric, allowed_text(result));
  return fmt::format("{} of {} is {}, allowed {}", result.metric, result.mix,
                     result.value ? fmt::format("{:.6g}", *result.value) : "unknown", allowed_text(result));
}

}  // namespace spotmix::reports
