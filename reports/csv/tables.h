// The tables that analysts load, as CSV. Times are seconds, money US dollars; docs/results.md describes each
// column.
#pragma once

#include <ostream>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// One row for each mix of each report, the figures of the result JSON side by side.
void write_summary_csv(const std::vector<const Report*>& reports, std::ostream& out);

/// One row for each mix and replication; needs the replications kept.
void write_replications_csv(const std::vector<const Report*>& reports, std::ostream& out);

/// What happened in the replayed replications, one row for each event.
void write_timeline_csv(const Report& report, std::ostream& out);

/// What the replayed replications were charged, one row for each line of the bill, exact to the nano-dollar.
void write_bill_csv(const Report& report, std::ostream& out);

}  // namespace spotmix::reports
