#include <string>

#include "base/text/width.h"
#include "reports/baseline/findings.h"
#include "reports/baseline/write.h"
#include "reports/terminal/paint.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kMostNameWidth = 40;

void write_scenario(const ScenarioComparison& scenario, const TerminalStyle& style, std::ostream& out) {
  const auto paragraph = [&](const std::string& text, std::string_view colour, std::size_t indent = 2) {
    const std::string lines = wrapped(safe_text(text), style.width - indent, kIndent);
    out << std::string(indent, ' ') << painted(lines, colour, style) << '\n';
  };
  const bool drift = drifted(scenario);
  paragraph((drift ? "✗ " : "✓ ") + headline_of(scenario), drift ? kRed : kGreen, 0);
  if (scenario.winner) paragraph(winner_text(*scenario.winner), kBold);
  const std::string cause = cause_of(scenario);
  if (!cause.empty()) paragraph(cause, {});
  for (const std::string& mix : scenario.added)
    paragraph("✗ mix added: " + shortened(safe_text(mix), kMostNameWidth), kRed);
  for (const std::string& mix : scenario.removed)
    paragraph("✗ mix removed: " + shortened(safe_text(mix), kMostNameWidth), kRed);
  for (const std::string& line : warning_changes(scenario)) paragraph("· " + line, kDim);
  for (const Folded& line : folded_findings(scenario))
    paragraph((line.difference->drift ? "✗ " : "· ") + line_text(line), line.difference->drift ? kRed : kDim);
}

}  // namespace

void write_comparison_table(const Comparison& comparison, const TerminalStyle& style, std::ostream& out) {
  for (const ScenarioComparison& scenario : comparison.scenarios) write_scenario(scenario, style, out);
}

}  // namespace spotmix::reports
