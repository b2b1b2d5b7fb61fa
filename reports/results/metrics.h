// The figures of a mix by name, as thresholds, baselines and the results database name them: the path of the
// figure in the result JSON, such as "cost_usd.p95".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

struct Metric {
  std::string name;
  /// Unknown for an infeasible mix.
  std::function<std::optional<double>(const sim::MixResult&, const std::optional<StepFigures>&)> value;
};

/// All of them, in the order of the result JSON.
const std::vector<Metric>& metrics();

/// The metric of that name, or nullptr.
const Metric* find_metric(std::string_view name);

std::vector<std::string> metric_names();

}  // namespace spotmix::reports
