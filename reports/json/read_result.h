// Reads results back: a result JSON, or the document of several.
#pragma once

#include <string>
#include <vector>

#include "base/json/node.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// The reports of a text that write_result_json or write_results_json wrote; one that was written whole is
/// the same report again. What the text does not hold is empty or unknown. Throws BadDocument.
std::vector<Report> read_results(const std::string& text);

}  // namespace spotmix::reports
