#include "reports/baseline/findings.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text/apart.h"
#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/results/warnings.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kMostFoldedMixes = 3;
constexpr std::size_t kFoldedNameWidth = 40;

bool have_equal_values(const Difference& a, const Difference& b) {
  return a.drift == b.drift && values_text(a) == values_text(b) && interval_text(a) == interval_text(b);
}

std::string figure_of(const std::string& metric) {
  return metric.substr(0, metric.rfind('.') + 1);
}

std::vector<Folded> parts_folded(const std::vector<const Difference*>& findings) {
  std::vector<Folded> lines;
  for (const Difference* difference : findings) {
    const std::string figure = figure_of(difference->metric);
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const Folded& line) {
      return line.mixes.front() == difference->mix && !figure.empty() &&
             figure_of(line.difference->metric) == figure && have_equal_values(*line.difference, *difference);
    });
    if (same == lines.end()) {
      lines.push_back({difference, difference->metric, {difference->metric}, {difference->mix}});
    } else {
      same->metric += ", " + difference->metric.substr(figure.size());
      same->metrics.push_back(difference->metric);
    }
  }
  return lines;
}

}  // namespace

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

std::vector<Folded> folded_findings(const ScenarioComparison& scenario) {
  std::vector<Folded> lines;
  for (Folded& one : parts_folded(findings_of(scenario))) {
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const Folded& line) {
      return line.metric == one.metric && have_equal_values(*line.difference, *one.difference);
    });
    if (same == lines.end())
      lines.push_back(std::move(one));
    else
      same->mixes.push_back(one.mixes.front());
  }
  return lines;
}

std::vector<Folded> folded_findings(const ScenarioComparison& scenario, const std::string& mix) {
  std::vector<const Difference*> findings = findings_of(scenario);
  std::erase_if(findings, [&](const Difference* difference) { return difference->mix != mix; });
  return parts_folded(findings);
}

std::string mixes_text(const Folded& line) {
  std::vector<std::string> names;
  for (const std::string& mix : line.mixes) names.push_back(safe_text(mix));
  names = shortened_apart(names, kFoldedNameWidth);
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostFoldedMixes); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMostFoldedMixes) text += fmt::format(" and {} more", names.size() - kMostFoldedMixes);
  return text;
}

std::string line_text(const Folded& line) {
  const auto [before, after] = values_text(*line.difference);
  const std::string relative = relative_text(*line.difference);
  const std::string interval = interval_text(*line.difference);
  return fmt::format("{} of {}: {} → {}{}{}", line.metric, mixes_text(line), before, after,
                     relative.empty() ? "" : " (" + relative + ")",
                     interval.empty() ? "" : ", difference " + interval);
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
