// The JSON of `spotmix explain`: per mix the result's `step` object and the layers behind it.
#pragma once

#include <ostream>
#include <vector>

#include "reports/results/explanation.h"

namespace spotmix::reports {

void write_explanation_json(const Explanation& explanation, std::ostream& out);

/// Several scenarios: {"schema_version", "spotmix_version", "explanations": [...]}.
void write_explanations_json(std::string_view spotmix_version, const std::vector<Explanation>& explanations,
                             std::ostream& out);

}  // namespace spotmix::reports
