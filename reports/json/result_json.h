// The result JSON: what programs read. reports/json/result.schema.json (draft-07) is its description.
//
// The same report gives the same bytes: keys in one order, doubles as the shortest decimal that reads back.
#pragma once

#include <ostream>
#include <string_view>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

inline constexpr int kResultSchemaVersion = 1;

/// One scenario's result object. Mixes whose replications were kept list them as `outcomes` when asked for.
void write_result_json(const Report& report, bool with_outcomes, std::ostream& out);

/// The same with `kept`: everything that the other reports need, so that read_results (read_result.h) makes
/// the same report again.
void write_whole_result_json(const Report& report, std::ostream& out);

/// Several scenarios: {"schema_version", "spotmix_version", "results": [result objects]}.
void write_results_json(std::string_view spotmix_version, const std::vector<const Report*>& reports,
                        bool with_outcomes, std::ostream& out);

/// The text of result.schema.json.
std::string_view result_schema();

}  // namespace spotmix::reports
