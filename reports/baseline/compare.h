// Results now against a baseline: what changed, whether it is drift, and what it may come from.
//
// A figure that does not depend on chance (a training step, or a mix whose replications all come to the same)
// drifts when it changes by more than the tolerance. A statistic over replications drifts when, beyond that,
// the interval of its difference leaves out zero. All intervals of one comparison hold together at 95 %
// (Bonferroni), so that of many comparisons without any change one in twenty shows drift, however many
// figures it has.
//
// Parts of the cost and of the time by cause are no statistics that a baseline keeps replications of: they
// are compared where the mix does not depend on chance.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/baseline/baseline.h"
#include "reports/results/difference.h"

namespace spotmix::reports {

struct Difference {
  std::string mix;
  std::string metric;
  std::optional<double> before;
  std::optional<double> after;
  std::optional<std::array<double, 2>> interval;  ///< of after − before, for what depends on chance
  bool random = false;
  bool drift = false;

  bool changed() const { return before != after; }
};

struct ScenarioComparison {
  std::string scenario;
  /// Whether the winner changed, and by how much the best cost; unknown to older baselines.
  std::optional<ResultDifference> winner;
  bool paired = true;                   ///< the replications share their random numbers one by one
  std::vector<std::string> changes;     ///< what the results depend on and is not what it was, a line each
  std::vector<std::string> added;       ///< mixes that the baseline has not
  std::vector<std::string> removed;     ///< mixes that only the baseline has
  std::vector<Warning> new_warnings;    ///< that the baseline has not; none if it does not know
  std::vector<Warning> gone_warnings;   ///< that only the baseline has
  std::vector<Difference> differences;  ///< every figure compared, changed or not
};

struct Comparison {
  std::string spotmix_version;
  double tolerance = 0;  ///< share of the larger of both values
  std::vector<ScenarioComparison> scenarios;
};

/// Throws BadBaseline when two scenarios share a name: a baseline knows them by it.
void require_distinct(const Baseline& baseline);

/// Throws BadBaseline when the baseline has other scenarios or one has another seed.
Comparison compare(const Baseline& baseline, const std::vector<Report>& reports, double tolerance);

bool drifted(const ScenarioComparison& scenario);
bool drifted(const Comparison& comparison);

/// A figure with its unit, as its metric's name tells it; "unknown" for none.
std::string value_text(const std::string& metric, const std::optional<double>& value);

/// The figure before and after; a change smaller than the unit shows gets six digits.
std::pair<std::string, std::string> values_text(const Difference& difference);

/// "+1.0 %", or nothing where there is none to be told.
std::string relative_text(const Difference& difference);

}  // namespace spotmix::reports
