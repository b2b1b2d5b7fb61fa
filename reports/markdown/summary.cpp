#include "reports/markdown/summary.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/markdown/escape.h"
#include "reports/results/columns.h"
#include "reports/results/shared_sources.h"
#include "reports/results/thresholds.h"
#include "reports/results/verdict.h"
#include "reports/results/warnings.h"
#include "reports/results/waterfall.h"
#include "reports/text/parallelism_text.h"
#include "reports/text/settings_text.h"
#include "reports/text/source_text.h"

namespace spotmix::reports {
namespace {

/// What a comment on a pull request may hold is 65,536 characters; the rest is room for the text around the
/// rows.
constexpr std::size_t kRowsLimit = 28'000;
constexpr std::size_t kParallelismLimit = 4'000;
constexpr std::size_t kCertaintyWidth = 1'000;
constexpr std::size_t kThresholdsLimit = 12'000;
constexpr std::size_t kWarningsLimit = 4'000;
constexpr std::size_t kSourcesLimit = 12'000;

/// Two columns beyond those always shown: a page is wider than a terminal.
constexpr int kShownRank = 3;

std::string row_of(const Report& report, std::size_t i, const std::vector<Column>& columns) {
  const sim::MixResult& mix = report.batch.mixes[i];
  std::string row = "| " + markdown_name(mix.name) + " |";
  if (!feasible(mix)) row += " infeasible: " + markdown_text(*mix.infeasible_reason);
  for (const Column& column : columns) row += feasible(mix) ? " " + column.cell(report, i) + " |" : " |";
  return row + "\n";
}

void write_mixes(const Report& report, std::ostream& out) {
  std::vector<Column> columns = columns_of(report);
  std::erase_if(columns, [](const Column& column) { return column.shown->rank > kShownRank; });
  out << "| mix |";
  for (const Column& column : columns) out << ' ' << column.shown->heading.text << " |";
  out << "\n|:--|";
  for (std::size_t i = 0; i < columns.size(); ++i) out << "--:|";
  out << '\n';
  std::size_t written = 0;
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const std::string row = row_of(report, i, columns);
    if (written + row.size() > kRowsLimit) {
      out << fmt::format("\n… and {} more mixes\n", report.batch.mixes.size() - i);
      return;
    }
    out << row;
    written += row.size();
  }
}

std::string line_of(ThresholdResult result) {
  result.mix = shortened(safe_text(result.mix), 80);
  return fmt::format("- {} {}\n", result.met ? "✓" : "✗", markdown_text(text_of(result)));
}

void write_thresholds(const Report& report, std::ostream& out) {
  if (!report.thresholds.empty()) out << '\n';
  std::size_t written = 0;
  for (std::size_t i = 0; i < report.thresholds.size(); ++i) {
    const std::string line = line_of(report.thresholds[i]);
    if (written + line.size() > kThresholdsLimit) {
      out << fmt::format("- … and {} more thresholds\n", report.thresholds.size() - i);
      return;
    }
    out << line;
    written += line.size();
  }
}

void write_warnings(const Report& report, std::ostream& out) {
  std::vector<std::string> lines = warning_lines(report, any_warning);
  if (const std::string assumed = assumptions_text(report); !assumed.empty()) lines.push_back(assumed);
  if (lines.empty()) return;
  out << "\n### Warnings\n\n";
  std::size_t written = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = "- " + markdown_text(lines[i]) + "\n";
    if (written + line.size() > kWarningsLimit) {
      out << fmt::format("- … and {} more: see result.json\n", lines.size() - i);
      return;
    }
    out << line;
    written += line.size();
  }
}

/// How each mix divides its step, mixes that do alike together.
void write_parallelism(const Report& report, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> mixes_by_division;
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const auto& step = report.steps.at(i);
    if (!step || !step->parallelism) continue;
    const std::string division = parallelism_text(*step->parallelism);
    const std::string name = markdown_name(report.batch.mixes[i].name);
    const auto same = std::find_if(mixes_by_division.begin(), mixes_by_division.end(),
                                   [&](const auto& known) { return known.first == division; });
    if (same == mixes_by_division.end()) {
      mixes_by_division.emplace_back(division, name);
    } else {
      same->second += ", " + name;
    }
  }
  if (mixes_by_division.empty()) return;
  out << "\n### How one step is divided\n\n";
  std::size_t written = 0;
  for (std::size_t i = 0; i < mixes_by_division.size(); ++i) {
    const auto& [division, mixes] = mixes_by_division[i];
    const std::string line = fmt::format("- {}: {}\n", markdown_text(division), mixes);
    if (written + line.size() > kParallelismLimit) {
      out << fmt::format("- … and {} more ways: see result.json\n", mixes_by_division.size() - i);
      return;
    }
    out << line;
    written += line.size();
  }
}

std::string row_of(const SharedSource& shared, const std::vector<std::string>& names) {
  const models::Source& source = shared.source;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_text(source.figure),
                     kind_text(source.kind), markdown_text(source.from), markdown_text(source.citation),
                     source.error ? percent_text(*source.error) : "",
                     markdown_name(mixes_text(shared, names)));
}

void write_sources(const Report& report, std::ostream& out) {
  const std::vector<SharedSource> shared = shared_sources(report.sources);
  if (shared.empty()) return;
  std::vector<std::string> names;
  for (const sim::MixResult& mix : report.batch.mixes) names.push_back(mix.name);
  out << "\n### Where these numbers come from\n\n"
         "| figure | kind | from | citation | median error | mixes |\n|:--|:--|:--|:--|--:|:--|\n";
  std::size_t written = 0;
  for (std::size_t i = 0; i < shared.size(); ++i) {
    const std::string row = row_of(shared[i], names);
    if (written + row.size() > kSourcesLimit) {
      out << fmt::format("\n… and {} more sources: see result.json\n", shared.size() - i);
      return;
    }
    out << row;
    written += row.size();
  }
}

}  // namespace

void write_markdown(const Report& report, std::ostream& out) {
  out << "## " << markdown_name(report.scenario) << markdown_text(settings_text(report.settings)) << "\n\n**"
      << markdown_text(verdict_text(report)) << "**\n\n";
  if (const std::string why = waterfall_text(report); !why.empty()) out << markdown_text(why) << "\n\n";
  write_mixes(report, out);
  if (const std::string traffic = traffic_text(report); !traffic.empty())
    out << '\n' << markdown_text(traffic) << '\n';
  if (const std::string once = certainty_text(report); !once.empty())
    out << '\n' << markdown_text(shortened(once, kCertaintyWidth)) << '\n';
  if (const std::string spread = spread_text(report); !spread.empty())
    out << '\n' << markdown_text(spread) << '\n';
  if (!report.advisor_ranges.empty()) out << '\n';
  for (const AdvisorRange& range : report.advisor_ranges)
    out << "- " << markdown_text(range_text(report, range)) << '\n';
  write_thresholds(report, out);
  write_warnings(report, out);
  write_parallelism(report, out);
  write_sources(report, out);
  out << fmt::format("\n{} {}, seed {}", count_text(report.batch.replications),
                     report.batch.replications == 1 ? "replication" : "replications", report.batch.seed);
  if (report.deadline) out << ", deadline " << duration_text(to_seconds(*report.deadline));
  if (report.budget) out << ", budget " << money_text(to_usd(*report.budget));
  out << fmt::format(", spotmix {}\n", report.spotmix_version);
}

}  // namespace spotmix::reports
