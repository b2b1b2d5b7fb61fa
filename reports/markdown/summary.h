// A summary for a pull request or a CI job's page: Markdown as GitHub and GitLab render it, under 64 kB.
#pragma once

#include <ostream>

#include "reports/results/report.h"

namespace spotmix::reports {

/// The verdict, a table of mixes, the thresholds and where the numbers come from. Names are shown as they
/// are: nothing in them is markup, mentions anyone or makes a link.
void write_markdown(const Report& report, std::ostream& out);

}  // namespace spotmix::reports
