// What `spotmix diff` prints.
#pragma once

#include <ostream>

#include "reports/results/difference.h"
#include "reports/terminal/table.h"

namespace spotmix::reports {

void write_difference_table(const ResultDifference& difference, const TerminalStyle& style,
                            std::ostream& out);

}  // namespace spotmix::reports
