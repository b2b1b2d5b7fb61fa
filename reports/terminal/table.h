// The table that `spotmix run` prints: one line for each mix, then the verdict.
#pragma once

#include <cstddef>
#include <ostream>

#include "reports/results/report.h"

namespace spotmix::reports {

struct TerminalStyle {
  std::size_t width = 80;  ///< columns; a wider terminal shows more of them
  bool colour = false;     ///< ANSI colours
};

void write_table(const Report& report, const TerminalStyle& style, std::ostream& out);

}  // namespace spotmix::reports
