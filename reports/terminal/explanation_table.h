// What `spotmix explain` prints: per mix the parts of one training step, then its layers.
#pragma once

#include <ostream>

#include "reports/results/explanation.h"
#include "reports/terminal/table.h"

namespace spotmix::reports {

void write_explanation_table(const Explanation& explanation, const TerminalStyle& style, std::ostream& out);

}  // namespace spotmix::reports
