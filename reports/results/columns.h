// The figures of a mix that a table for people shows, with their headings, as texts with units.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// A heading of two lines takes less room; it is used when the names of the mixes would not fit otherwise.
struct Heading {
  std::string text;
  std::string upper;
  std::string lower;
};

/// One figure of a mix. `rank` 0 is always shown; the others come, from 1 to kLastRank, as there is room.
struct Column {
  Heading heading;
  int rank = 0;
  std::function<std::string(const sim::MixResult&)> cell;
};

inline constexpr int kLastRank = 5;

/// In the order of a table. Those on the deadline and the budget are there when the report has one.
std::vector<Column> columns_of(const Report& report);

}  // namespace spotmix::reports
