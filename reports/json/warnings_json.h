// Warnings as JSON, both ways: of results, differences and baselines.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json/node.h"
#include "reports/results/report.h"

namespace spotmix::reports {

nlohmann::ordered_json warnings_json(const std::vector<Warning>& warnings);

std::vector<Warning> read_warnings(const Node& list);

}  // namespace spotmix::reports
