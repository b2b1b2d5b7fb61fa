#include "reports/baseline/findings.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text/quantities.h"
#include "reports/results/warnings.h"

namespace spotmix::reports {

std::vector<const Difference*> findings_of(const ScenarioComparison& scenario) {
  std::vector<const Difference*> findings;
  for (const Difference& difference : scenario.differences) {
    if (!difference.changed()) continue;
    const auto [before, after] = values_text(difference);
    if (difference.drift || before != after) findings.push_back(&difference);
  }
  std::stable_partition(findings.begin(), findings.end(), [](const Difference* one) { return one->drift; });
  return findings;
}

std::string headline_of(const ScenarioComparison& scenario) {
  const auto drifting = std::count_if(scenario.differences.begin(), scenario.differences.end(),
                                      [](const Difference& difference) { return difference.drift; });
  std::string text = drifting > 0
                         ? fmt::format("drift in {} of {} figures", drifting, scenario.differences.size())
                         : fmt::format("no drift in {} figures", scenario.differences.size());
  const auto mixes = [&](std::size_t count, const char* what) {
    if (count == 0) return;
    const bool first = drifting == 0 && text.find(", ") == std::string::npos;
    text += fmt::format("{} {} {} {}", first ? ", but" : ",", count, count == 1 ? "mix" : "mixes", what);
  };
  mixes(scenario.added.size(), "added");
  mixes(scenario.removed.size(), "removed");
  if (!scenario.paired) text += ", replications not paired";
  return scenario.scenario + ": " + text;
}

std::string cause_of(const ScenarioComparison& scenario) {
  if (!scenario.changes.empty()) return fmt::format("changed: {}", fmt::join(scenario.changes, "; "));
  const bool any = std::any_of(scenario.differences.begin(), scenario.differences.end(),
                               [](const Difference& difference) { return difference.changed(); });
  if (!any && !drifted(scenario)) return "";
  return "changed: none of the files it depends on, and the same version: the program's code";
}

std::vector<std::string> warning_changes(const ScenarioComparison& scenario) {
  std::vector<std::string> lines;
  for (const Warning& warning : scenario.new_warnings)
    lines.push_back("new warning: " + warning_line(warning));
  for (const Warning& warning : scenario.gone_warnings)
    lines.push_back("warning gone: " + warning_line(warning));
  return lines;
}

std::string interval_text(const Difference& difference) {
  if (!difference.interval) return "";
  const auto signed_text = [&](double value) {
    const std::string text = value_text(difference.metric, value);
    return value > 0 ? "+" + text : text;
  };
  return fmt::format("{} to {}", signed_text((*difference.interval)[0]),
                     signed_text((*difference.interval)[1]));
}

}  // namespace spotmix::reports
