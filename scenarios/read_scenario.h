// JSON value → Scenario, field by field.
//
// Reads leniently: a field of the wrong type is passed over, since the schema's check reports it, so that the
// rest of the file can still be checked. Reports only what a schema cannot see: a time that is no time.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

Scenario read_scenario(const std::filesystem::path& file, const nlohmann::json& document, Problems& problems);

}  // namespace spotmix::scenarios
