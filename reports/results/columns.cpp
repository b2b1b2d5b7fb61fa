#include "reports/results/columns.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "base/text/quantities.h"

namespace spotmix::reports {
namespace {

std::string text_of(double value, Unit unit) {
  switch (unit) {
    case Unit::usd:
      return money_text(value);
    case Unit::seconds:
      return duration_text(value);
    case Unit::share:
      return percent_text(value);
    case Unit::count:
    case Unit::per_second:
    case Unit::gib:
      break;
  }
  return fmt::format("{:.1f}", value);
}

}  // namespace

std::string Column::cell(const Report& report, std::size_t mix) const {
  assert(feasible(report.batch.mixes.at(mix)));
  static const StepFigures kNoStep;
  const auto& step = report.steps.at(mix);
  const auto value = figure->parts[shown->part].get(report.batch.mixes[mix], step ? *step : kNoStep);
  return value ? text_of(*value, figure->unit) : "–";
}

std::vector<Column> columns_of(const Report& report) {
  std::vector<Column> columns;
  for (const Figure& figure : figures()) {
    if (!figure.asked_for({report.deadline, report.budget})) continue;
    for (const FigureColumn& shown : figure.columns) columns.push_back({&figure, &shown});
  }
  std::sort(columns.begin(), columns.end(),
            [](const Column& a, const Column& b) { return a.shown->place < b.shown->place; });
  return columns;
}

}  // namespace spotmix::reports
