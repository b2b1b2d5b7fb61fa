#include <algorithm>

#include <fmt/format.h>

#include "reports/baseline/findings.h"
#include "reports/baseline/write.h"
#include "reports/markdown/escape.h"

namespace spotmix::reports {
namespace {

/// A comment on a pull request may hold 65,536 characters.
constexpr std::size_t kLimit = 60'000;

std::string row_of(const Folded& line) {
  const Difference& difference = *line.difference;
  const auto [before, after] = values_text(difference);
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", difference.drift ? "✗" : "·",
                     markdown_text(mixes_text(line)), markdown_text(line.metric), before, after,
                     relative_text(difference), interval_text(difference));
}

std::string section_of(const ScenarioComparison& scenario, std::size_t room) {
  std::string text =
      fmt::format("### {} {}\n\n", drifted(scenario) ? "✗" : "✓", markdown_text(headline_of(scenario)));
  if (scenario.winner) text += "**" + markdown_text(winner_text(*scenario.winner)) + "**\n\n";
  const std::string cause = cause_of(scenario);
  if (!cause.empty()) text += markdown_text(cause) + "\n\n";
  for (const std::string& mix : scenario.added) text += "- ✗ mix added: " + markdown_name(mix) + "\n";
  for (const std::string& mix : scenario.removed) text += "- ✗ mix removed: " + markdown_name(mix) + "\n";
  for (const std::string& line : warning_changes(scenario)) text += "- " + markdown_text(line) + "\n";
  const auto findings = folded_findings(scenario);
  if (findings.empty()) return text;
  text +=
      "\n| | mix | figure | before | now | change | 95 % interval of the difference |\n"
      "|:-:|:--|:--|--:|--:|--:|:--|\n";
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const std::string row = row_of(findings[i]);
    if (text.size() + row.size() > room) return text + fmt::format("\n… and {} more\n", findings.size() - i);
    text += row;
  }
  return text + "\n";
}

}  // namespace

void write_comparison_markdown(const Comparison& comparison, std::ostream& out) {
  out << "## spotmix check: " << (drifted(comparison) ? "drift" : "no drift") << "\n\n";
  std::size_t written = 0;
  for (std::size_t i = 0; i < comparison.scenarios.size(); ++i) {
    const std::string text = section_of(comparison.scenarios[i], kLimit - std::min(written, kLimit));
    if (written + text.size() > kLimit + 2000) {
      out << fmt::format("… and {} more scenarios\n", comparison.scenarios.size() - i);
      return;
    }
    out << text;
    written += text.size();
  }
}

}  // namespace spotmix::reports
