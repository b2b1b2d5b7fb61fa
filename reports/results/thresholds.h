// Limits on results: a run that crosses one ends with exit code 3, after all reports are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results/figures.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// What a scenario asks of one metric, of one mix, of every mix or of the verdict's. At least one bound is
/// given.
struct Threshold {
  std::string metric;  ///< A name that threshold_metric knows.
  std::optional<std::string> mix;
  std::optional<double> min;
  std::optional<double> max;
  bool excludes_limit = false;        ///< the bounds themselves are not allowed
  bool of_best = false;               ///< Of the verdict's mix; unknown if no mix makes it.
  std::vector<std::string> except{};  ///< Mixes that it leaves out.
};

/// The metric of that name, or of that probability or fraction ("on_time"); nullptr if there is none.
const Metric* threshold_metric(std::string_view name);

/// One result for each threshold and mix that it is about, in order. Without a mix it is about all but its
/// exceptions and the report's reference mixes. A figure that is unknown does not meet a
/// threshold: a gate must not open because nothing was measured. Costs are unknown where no replication
/// trained to the end. Needs known metrics.
std::vector<ThresholdResult> judge(const std::vector<Threshold>& thresholds, const Report& report);

bool any_crossed(const Report& report);

/// "cost_usd.p95 of spot is 432, allowed at most 500".
std::string text_of(const ThresholdResult& result);

}  // namespace spotmix::reports
