// What `spotmix diff --format json` prints.
#pragma once

#include <ostream>
#include <string_view>
#include <vector>

#include "reports/results/difference.h"

namespace spotmix::reports {

/// {"difference_version", "spotmix_version", "scenarios": […]}.
void write_differences_json(std::string_view spotmix_version,
                            const std::vector<ResultDifference>& differences, std::ostream& out);

}  // namespace spotmix::reports
