// Warnings and assumptions as people read them: what is the same for several mixes is told once.
#pragma once

#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// Which warnings are meant.
using Which = bool (*)(const Warning&);
bool any_warning(const Warning& warning);
bool of_scenario(const Warning& warning);
bool of_mix(const Warning& warning);
/// Of a mix, about a figure in the table: it stands right below.
bool is_footnote(const Warning& warning);
/// Of a mix, and not a footnote.
bool beside_verdict(const Warning& warning);

/// "a, b: TEXT", or "TEXT" if it concerns the whole scenario; in the report's order.
std::vector<std::string> warning_lines(const Report& report, Which which);

/// "a: TEXT", or "TEXT" if it concerns the whole scenario.
std::string warning_line(const Warning& warning);

/// Those of `from` that `in` lacks, in order.
std::vector<Warning> warnings_missing(const std::vector<Warning>& from, const std::vector<Warning>& in);

/// "Assumed, not measured: boot time, spot capacity."; empty if nothing that a mix rests on is assumed.
std::string assumptions_text(const Report& report);

/// Which mixes pay more than a tenth of their cost for traffic between zones and regions; empty if none does.
std::string traffic_text(const Report& report);

}  // namespace spotmix::reports
