// The story of the replayed replications as a trace that Perfetto (ui.perfetto.dev) and chrome://tracing
// open.
//
// The format is the "JSON Array with metadata" of the Trace Event Format: a process for each mix, in it a
// track for the job (waiting, restart, training, checkpoint, lost training) and one for each instance
// (pending, boot, ready), with notices, interruptions and failed launches as marks. Times are microseconds
// from the start of the job, exact to the nanosecond.
#pragma once

#include <ostream>

#include "reports/results/report.h"

namespace spotmix::reports {

void write_chrome_trace(const Report& report, std::ostream& out);

}  // namespace spotmix::reports
