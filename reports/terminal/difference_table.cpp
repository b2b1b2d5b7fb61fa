#include "reports/terminal/difference_table.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/results/warnings.h"
#include "reports/terminal/paint.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kMostNameWidth = 40;

template <class Text>
std::string values_text(const BeforeAfter& values, Text&& text_of) {
  const auto shown = [&](const std::optional<double>& value) { return value ? text_of(*value) : "unknown"; };
  const std::string before = shown(values.before);
  const std::string after = shown(values.after);
  if (before == after) return after;
  const std::string change = change_text(values);
  return fmt::format("{} → {}{}", before, after, change.empty() ? "" : " (" + change + ")");
}

std::string line_of(const MixDifference& mix) {
  const std::string name = shortened(safe_text(mix.name), kMostNameWidth) + ": ";
  if (!mix.feasible_after) return name + (mix.feasible_before ? "cannot train any more" : "cannot train");
  if (!mix.feasible_before) return name + "can train now";
  if (!mix.changed()) return name + "unchanged";
  const auto odds = [](double share) { return percent_text(share); };
  return name + values_text(mix.cost_usd, money_text) + ", " +
         values_text(mix.time_to_train_s, duration_text) + ", odds " + values_text(mix.odds, odds);
}

}  // namespace

void write_difference_table(const ResultDifference& difference, const TerminalStyle& style,
                            std::ostream& out) {
  const auto paragraph = [&](const std::string& text, std::string_view colour = {}, std::size_t indent = 2) {
    const std::string lines = wrapped(safe_text(text), style.width - indent, indent + kIndent);
    out << std::string(indent, ' ') << painted(lines, colour, style) << '\n';
  };
  paragraph(difference.scenario + ": " + winner_text(difference), difference.winner_changed() ? kRed : kBold,
            0);
  for (const MixDifference& mix : difference.mixes) paragraph(line_of(mix));
  for (const std::string& name : difference.added) paragraph("mix added: " + name);
  for (const std::string& name : difference.removed) paragraph("mix removed: " + name);
  for (const Warning& warning : difference.new_warnings) paragraph("new warning: " + warning_line(warning));
  for (const Warning& warning : difference.gone_warnings)
    paragraph("warning gone: " + warning_line(warning), kDim);
  paragraph(difference.inputs.empty() ? "No input differs, as far as the results keep them."
                                      : "Inputs that differ:",
            kDim);
  for (const InputDifference& input : difference.inputs) {
    const auto shown = [](const std::string& value) { return value.empty() ? "not given" : value; };
    paragraph(fmt::format("{}: {} → {}", input.name, shown(input.before), shown(input.after)), kDim, kIndent);
  }
}

}  // namespace spotmix::reports
