// The lines that tables, Markdown and JUnit have in common. For the .cpp files of this folder.
#pragma once

#include <string>
#include <vector>

#include "reports/baseline/compare.h"

namespace spotmix::reports {

/// The differences that drift, then those that only changed; nothing of what is equal.
std::vector<const Difference*> findings_of(const ScenarioComparison& scenario);

/// Changes that are alike: of several parts of one figure, and of those in several mixes.
struct Folded {
  const Difference* difference = nullptr;  ///< The first of them.
  std::string metric;                      ///< "cost_usd.mean, p50".
  std::vector<std::string> metrics;        ///< Each by its whole name.
  std::vector<std::string> mixes;
};

/// The same, with those that are alike as one; at the place of the first.
std::vector<Folded> folded_findings(const ScenarioComparison& scenario);

/// Of one mix: only parts of a figure are folded.
std::vector<Folded> folded_findings(const ScenarioComparison& scenario, const std::string& mix);

/// "a, b, c and 4 more": safe, and short names.
std::string mixes_text(const Folded& line);

/// "cost_usd.mean, p50 of a, b: $41.95 → $42.37 (+1.0 %), difference +$0.40 to +$0.44"; values with the units
/// of their metric.
std::string line_text(const Folded& line);

/// "nine-zone-p3: drift in 3 of 84 figures", or "… no drift in 84 figures".
std::string headline_of(const ScenarioComparison& scenario);

/// What the change may come from; empty when nothing changed at all.
std::string cause_of(const ScenarioComparison& scenario);

/// "from +$0.40 to +$0.44", or "" for what does not depend on chance.
std::string interval_text(const Difference& difference);

/// "new warning: TEXT" and "warning gone: TEXT", new ones first.
std::vector<std::string> warning_changes(const ScenarioComparison& scenario);

}  // namespace spotmix::reports
