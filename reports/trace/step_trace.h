// One training step of each mix as a trace that Perfetto (ui.perfetto.dev) and chrome://tracing open.
//
// The format is the "JSON Array with metadata" of the Trace Event Format: a process for each mix, in it a
// track for the devices of each pipeline stage (passes of micro-batches, the layers within them, waiting, the
// update) and one for their links (collectives, transfers). Times are microseconds from the start of the
// step.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "models/step/span.h"

namespace spotmix::reports {

struct StepTimeline {
  std::string mix;
  std::vector<models::Span> spans;
};

void write_step_trace(const std::string& scenario, const std::string& version,
                      const std::vector<StepTimeline>& timelines, std::ostream& out);

}  // namespace spotmix::reports
