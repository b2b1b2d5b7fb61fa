#include "reports/terminal/table.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text/apart.h"
#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/results/columns.h"
#include "reports/results/thresholds.h"
#include "reports/results/verdict.h"
#include "reports/results/warnings.h"
#include "reports/results/waterfall.h"
#include "reports/terminal/paint.h"
#include "reports/text/settings_text.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastNameWidth = 12;
constexpr std::size_t kEnoughNameWidth = 18;

/// A column with its cells made, so that its width is known.
struct Laid {
  int rank = 0;
  Heading heading;
  std::vector<std::string> cells;
  std::size_t width = 0;
};

Laid lay(const Column& column, const Report& report, bool stacked) {
  const Heading& heading = column.shown->heading;
  Laid laid{column.shown->rank, heading, {}, 0};
  laid.width = stacked ? std::max(display_width(heading.upper), display_width(heading.lower))
                       : display_width(heading.text);
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    laid.cells.push_back(feasible(report.batch.mixes[i]) ? column.cell(report, i) : "");
    laid.width = std::max(laid.width, display_width(laid.cells.back()));
  }
  return laid;
}

struct Layout {
  std::size_t name_width = 0;
  std::vector<std::string> names;  ///< Of the mixes, in that width.
  bool stacked = false;
  std::vector<Laid> columns;
};

std::size_t widest_name(const Report& report) {
  std::size_t width = display_width("mix");
  for (const sim::MixResult& mix : report.batch.mixes) {
    width = std::max(width, display_width(safe_text(mix.name)));
  }
  return width;
}

std::size_t width_up_to(int rank, const std::vector<Laid>& columns) {
  std::size_t width = 0;
  for (const Laid& column : columns) width += column.rank <= rank ? kGap + column.width : 0;
  return width;
}

std::vector<Laid> lay_all(const Report& report, bool stacked) {
  std::vector<Laid> all;
  for (const Column& column : columns_of(report)) all.push_back(lay(column, report, stacked));
  return all;
}

/// On a terminal that is too narrow for all columns of rank 0 the last of them give way; two stay.
void drop_what_does_not_fit(std::vector<Laid>& columns, std::size_t width) {
  constexpr std::size_t kLeastColumns = 2;
  const auto shown = [&] {
    return std::count_if(columns.begin(), columns.end(), [](const Laid& column) { return column.rank == 0; });
  };
  while (kLeastNameWidth + width_up_to(0, columns) > width && shown() > static_cast<long>(kLeastColumns)) {
    const auto last =
        std::find_if(columns.rbegin(), columns.rend(), [](const Laid& column) { return column.rank == 0; });
    columns.erase(std::next(last).base());
  }
}

std::vector<std::string> safe_names(const Report& report) {
  std::vector<std::string> names;
  for (const sim::MixResult& mix : report.batch.mixes) names.push_back(safe_text(mix.name));
  return names;
}

/// Takes the columns of rank 0, then as many of the others as fit beside the whole names.
Layout layout_of(const Report& report, std::size_t width) {
  const std::size_t names = widest_name(report);
  std::vector<Laid> all = lay_all(report, false);
  const bool stacked = names + width_up_to(1, all) > width;
  if (stacked) all = lay_all(report, true);
  drop_what_does_not_fit(all, width);

  std::size_t figures = width_up_to(0, all);
  int shown_rank = 0;
  for (int rank = 1; rank <= kLastRank; ++rank) {
    const auto column =
        std::find_if(all.begin(), all.end(), [&](const Laid& laid) { return laid.rank == rank; });
    // The first two are worth shorter names, the others are not.
    const std::size_t beside = rank <= 2 ? std::min(names, kEnoughNameWidth) : names;
    if (beside + figures + kGap + column->width > width) break;
    figures += kGap + column->width;
    shown_rank = rank;
  }
  std::erase_if(all, [&](const Laid& column) { return column.rank > shown_rank; });

  const std::size_t room = width > figures ? width - figures : 0;
  const std::size_t name_width = std::min(names, std::max(room, kLeastNameWidth));
  return {name_width, shortened_apart(safe_names(report), name_width), stacked, std::move(all)};
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string heading_line(const Layout& layout, std::string_view first, std::string Heading::*line_of) {
  std::string line = padded_right(first, layout.name_width);
  for (const Laid& column : layout.columns) {
    line += std::string(kGap, ' ') + padded_left(column.heading.*line_of, column.width);
  }
  return without_trailing_spaces(line);
}

std::string mix_line(const Report& report, const Layout& layout, std::size_t i) {
  const sim::MixResult& mix = report.batch.mixes[i];
  std::string line = padded_right(layout.names[i], layout.name_width);
  if (!feasible(mix)) return line + std::string(kGap, ' ') + "infeasible, see below";
  for (const Laid& column : layout.columns) {
    line += std::string(kGap, ' ') + padded_left(column.cells[i], column.width);
  }
  return without_trailing_spaces(line);
}

std::string title_of(const Report& report) {
  std::string title = fmt::format(
      "{}: {} replication{}, seed {}", safe_text(report.scenario + settings_text(report.settings)),
      count_text(report.batch.replications), report.batch.replications == 1 ? "" : "s", report.batch.seed);
  if (report.deadline) title += ", deadline " + duration_text(to_seconds(*report.deadline));
  if (report.budget) title += ", budget " + money_text(to_usd(*report.budget));
  return title;
}

bool any_unfinished(const Report& report) {
  return std::any_of(report.batch.mixes.begin(), report.batch.mixes.end(),
                     [](const sim::MixResult& mix) { return feasible(mix) && mix.finished.value < 1; });
}

std::string_view colour_of(const Report& report, const Verdict& verdict, std::size_t mix) {
  if (!feasible(report.batch.mixes[mix])) return kRed;
  return verdict.best == mix ? kGreen : std::string_view{};
}

/// One text for both ends, empty if one is unknown.
using RangeText = std::string (*)(double, double);

std::string ends_text(const std::optional<double>& low, const std::optional<double>& high, RangeText text) {
  return low && high ? text(*low, *high) : "–";
}

using RangeRow = std::array<std::string, 4>;

RangeRow range_row(const Report& report, const AdvisorRange& range) {
  const sim::MixResult& low = report.batch.mixes[range.low];
  const sim::MixResult& high = report.batch.mixes[range.high];
  const auto mean = [](const std::optional<sim::SampleSummary>& summary) {
    return summary ? std::optional(summary->mean) : std::nullopt;
  };
  const auto odds = [](const sim::MixResult& mix) {
    return feasible(mix) ? std::optional(mix.on_time ? mix.on_time->value : mix.finished.value)
                         : std::nullopt;
  };
  return {safe_text(range.mix), ends_text(mean(low.cost_usd), mean(high.cost_usd), money_range_text),
          ends_text(mean(low.time_to_train_s), mean(high.time_to_train_s), duration_range_text),
          ends_text(odds(high), odds(low), percent_range_text)};
}

/// What mixes over Spot Advisor bands come to, from the low end to the high one: a line each. On a terminal
/// that is too narrow for all of it the last columns give way.
void write_ranges(const Report& report, const TerminalStyle& style, std::ostream& out) {
  if (report.advisor_ranges.empty()) return;
  std::vector<RangeRow> rows{{"over its band", "cost", "time", report.deadline ? "on time" : "finished"}};
  for (const AdvisorRange& range : report.advisor_ranges) rows.push_back(range_row(report, range));
  std::array<std::size_t, 4> widths{};
  std::vector<std::string> names;
  for (const RangeRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
    names.push_back(row[0]);
  }
  std::size_t columns = widths.size();
  const auto figures = [&] {
    return std::accumulate(widths.begin() + 1, widths.begin() + static_cast<std::ptrdiff_t>(columns),
                           (columns - 1) * kGap);
  };
  while (columns > 2 && kLeastNameWidth + figures() > style.width) --columns;
  const std::size_t room = style.width > figures() ? style.width - figures() : 0;
  const std::size_t name_width = std::min(widths[0], std::max(kLeastNameWidth, room));
  names = shortened_apart(names, name_width);
  out << '\n';
  for (std::size_t k = 0; k < rows.size(); ++k) {
    std::string line = padded_right(names[k], name_width);
    for (std::size_t i = 1; i < columns; ++i)
      line += std::string(kGap, ' ') + padded_left(rows[k][i], widths[i]);
    out << painted(line, k == 0 ? kBold : std::string_view{}, style) << '\n';
  }
}

}  // namespace

void write_table(const Report& report, const TerminalStyle& style, std::ostream& out) {
  const auto paragraph = [&](const std::string& text, std::string_view colour) {
    out << painted(wrapped(text, style.width, kGap), colour, style) << '\n';
  };
  const Layout layout = layout_of(report, style.width);
  const Verdict verdict = verdict_of(report);

  paragraph(title_of(report), kBold);
  out << '\n';
  if (layout.stacked) out << painted(heading_line(layout, "", &Heading::upper), kBold, style) << '\n';
  const auto last_line = layout.stacked ? &Heading::lower : &Heading::text;
  out << painted(heading_line(layout, "mix", last_line), kBold, style) << '\n';
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    out << painted(mix_line(report, layout, i), colour_of(report, verdict, i), style) << '\n';
  }
  out << '\n';
  for (const sim::MixResult& mix : report.batch.mixes) {
    if (!feasible(mix)) paragraph(safe_text(mix.name + ": " + *mix.infeasible_reason), kRed);
  }
  if (any_unfinished(report)) {
    paragraph("Time is that of the finished replications; cost is that of all.", kDim);
  }
  if (const std::string traffic = traffic_text(report); !traffic.empty()) paragraph(traffic, {});
  for (const std::string& line : warning_lines(report, is_footnote)) paragraph(safe_text(line), {});
  if (const std::string once = certainty_text(report); !once.empty()) paragraph(safe_text(once), kDim);
  paragraph(safe_text(verdict_text(report)), verdict.best ? kGreen : std::string_view{});
  if (const std::string why = waterfall_text(report); !why.empty()) paragraph(safe_text(why), {});
  if (const std::string spread = spread_text(report); !spread.empty()) paragraph(safe_text(spread), kDim);
  write_ranges(report, style, out);
  for (const std::string& line : warning_lines(report, beside_verdict))
    paragraph("warning: " + safe_text(line), {});
  if (const std::string assumed = assumptions_text(report); !assumed.empty())
    paragraph(safe_text(assumed), kDim);
  for (const ThresholdResult& result : report.thresholds) {
    paragraph(fmt::format("{} {}", result.met ? "✓" : "✗", safe_text(text_of(result))),
              result.met ? kGreen : kRed);
  }
}

}  // namespace spotmix::reports
