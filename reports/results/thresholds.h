// Limits on results: a run that crosses one ends with exit code 3, after all reports are written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// What a scenario asks of one metric, of one mix or of every mix. At least one bound is given.
struct Threshold {
  std::string metric;  ///< a name that find_metric knows
  std::optional<std::string> mix;
  std::optional<double> min;
  std::optional<double> max;
  bool excludes_limit = false;  ///< the bounds themselves are not allowed
};

/// One result for each threshold and mix that it is about, in order. A figure that is unknown does not meet a
/// threshold: a gate must not open because nothing was measured. Costs are unknown where no replication
/// trained to the end. Needs known metrics.
std::vector<ThresholdResult> judge(const std::vector<Threshold>& thresholds, const Report& report);

bool any_crossed(const Report& report);

/// "cost_usd.p95 of spot is 432, allowed at most 500".
std::string text_of(const ThresholdResult& result);

}  // namespace spotmix::reports
