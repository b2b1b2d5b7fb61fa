// Warnings that take the results to know: old prices, and runs beyond the end of the traces.
#pragma once

#include <vector>

#include "cli/simulate.h"

namespace spotmix::cli {

std::vector<reports::Warning> warnings_of_results(const Prepared& prepared, const reports::Report& report);

}  // namespace spotmix::cli
