// What the page knows besides the result JSON: the verdict, replications, prices and capacity over time, the
// replayed replication, the scenario and how to reproduce it. For the .cpp files of this folder.
#pragma once

#include <string>

#include "reports/results/report.h"

namespace spotmix::reports {

/// Times are seconds, of the market since the epoch of its traces; money is US dollars; columns are described
/// in column.h.
struct PageData {
  std::string first;   ///< JSON of what the page is drawn from.
  std::string series;  ///< JSON of the long series of prices and capacity, which wait for a zoom.
};

PageData page_data(const Report& report);

}  // namespace spotmix::reports
