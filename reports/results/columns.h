// The figures of a mix that a table for people shows, with their headings, as texts with units.
#pragma once

#include <string>
#include <vector>

#include "reports/results/figures.h"

namespace spotmix::reports {

struct Column {
  const Figure* figure = nullptr;
  const FigureColumn* shown = nullptr;

  /// The number with its unit, or a dash if it is unknown. REQUIRES: the mix can train.
  std::string cell(const Report& report, std::size_t mix) const;
};

/// From left to right. Those on the deadline and the budget are there if the report has one.
std::vector<Column> columns_of(const Report& report);

}  // namespace spotmix::reports
