// What `spotmix import --fit` prints: how long instances lived, and how well each form of hazard says so.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "reports/terminal/table.h"
#include "sim/market/lifetime_fit.h"

namespace spotmix::reports {

struct FitReport {
  std::string source;     ///< of the trace
  std::size_t pools = 0;  ///< whose lives were taken together
  std::size_t left_out = 0;
  sim::LifetimeFits fits;
  std::vector<std::string> names;  ///< beside fits.forms
  std::size_t chosen = 0;          ///< of fits.forms
  std::string hazard;              ///< the chosen one as a scenario names it
};

void write_fit_table(const FitReport& report, const TerminalStyle& style, std::ostream& out);

}  // namespace spotmix::reports
