#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text/width.h"
#include "reports/baseline/findings.h"
#include "reports/baseline/write.h"
#include "reports/terminal/paint.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kMostNameWidth = 40;

/// Changes that are alike: of several parts of one figure, and of those in several mixes.
struct Folded {
  const Difference* difference = nullptr;
  std::string metric;  ///< "cost_usd.mean, p50".
  std::vector<std::string> mixes;
};

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
    if (same == lines.end())
      lines.push_back({difference, difference->metric, {difference->mix}});
    else
      same->metric += ", " + difference->metric.substr(figure.size());
  }
  return lines;
}

std::vector<Folded> folded(const std::vector<const Difference*>& findings) {
  std::vector<Folded> lines;
  for (Folded& one : parts_folded(findings)) {
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

std::string line_of(const Folded& line) {
  constexpr std::size_t kMostMixes = 3;
  std::string mixes;
  for (std::size_t i = 0; i < std::min(line.mixes.size(), kMostMixes); ++i)
    mixes += (i == 0 ? "" : ", ") + shortened(safe_text(line.mixes[i]), kMostNameWidth);
  if (line.mixes.size() > kMostMixes) mixes += fmt::format(" and {} more", line.mixes.size() - kMostMixes);
  const auto [before, after] = values_text(*line.difference);
  const std::string relative = relative_text(*line.difference);
  std::string text = fmt::format("{}{} of {}: {} → {}{}", line.difference->drift ? "✗ " : "· ", line.metric,
                                 mixes, before, after, relative.empty() ? "" : " (" + relative + ")");
  const std::string interval = interval_text(*line.difference);
  if (!interval.empty()) text += ", difference " + interval;
  return text;
}

void write_scenario(const ScenarioComparison& scenario, const TerminalStyle& style, std::ostream& out) {
  const auto paragraph = [&](const std::string& text, std::string_view colour, std::size_t indent = 2) {
    const std::string lines = wrapped(safe_text(text), style.width - indent, kIndent);
    out << std::string(indent, ' ') << painted(lines, colour, style) << '\n';
  };
  const bool drift = drifted(scenario);
  paragraph((drift ? "✗ " : "✓ ") + headline_of(scenario), drift ? kRed : kGreen, 0);
  if (!scenario.winner.empty()) paragraph(scenario.winner, kBold);
  const std::string cause = cause_of(scenario);
  if (!cause.empty()) paragraph(cause, {});
  for (const std::string& mix : scenario.added)
    paragraph("✗ mix added: " + shortened(safe_text(mix), kMostNameWidth), kRed);
  for (const std::string& mix : scenario.removed)
    paragraph("✗ mix removed: " + shortened(safe_text(mix), kMostNameWidth), kRed);
  for (const std::string& line : warning_changes(scenario)) paragraph("· " + line, kDim);
  for (const Folded& line : folded(findings_of(scenario)))
    paragraph(line_of(line), line.difference->drift ? kRed : kDim);
}

}  // namespace

void write_comparison_table(const Comparison& comparison, const TerminalStyle& style, std::ostream& out) {
  for (const ScenarioComparison& scenario : comparison.scenarios) write_scenario(scenario, style, out);
}

}  // namespace spotmix::reports
