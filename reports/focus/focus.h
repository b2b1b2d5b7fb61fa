// The bill of the replayed replications as a FOCUS data set: the FinOps Open Cost and Usage Specification
// (focus.finops.org), with the columns that AWS Data Exports has and ours, which begin with x_.
//
// One row is one charge. BilledCost sums to the bill, and so does EffectiveCost, to the nano-dollar, for each
// mix (x_Mix); a sum over several mixes is of no use, since they are alternatives. docs/results.md says how a
// line of the bill becomes charges.
#pragma once

#include <ostream>

#include "base/enums/enums.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// Of the specification; later versions add columns.
enum class FocusVersion { v1_0, v1_1, v1_2 };
constexpr auto enum_names(FocusVersion) {
  using enum FocusVersion;
  return enum_table<FocusVersion>({{v1_0, "1.0"}, {v1_1, "1.1"}, {v1_2, "1.2"}});
}

void write_focus_csv(const Report& report, FocusVersion version, std::ostream& out);

}  // namespace spotmix::reports
