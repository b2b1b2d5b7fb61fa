// What the page knows besides the result JSON: the verdict, replications, prices and capacity over time, the
// replayed replication, the scenario and how to reproduce it. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/html/columns.h"
#include "reports/report.h"

namespace spotmix::reports {

/// Long columns of numbers go into `columns`; the JSON holds their descriptions. Times are seconds since the
/// epoch of the market's traces, money is US dollars.
nlohmann::ordered_json page_data(const Report& report, Columns& columns);

}  // namespace spotmix::reports
