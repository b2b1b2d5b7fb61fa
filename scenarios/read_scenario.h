// JSON value → Scenario, field by field.
//
// Reads leniently: a field of the wrong type is passed over, since the schema's check reports it, so that the
// rest of the file can still be checked. Only what a schema cannot see joins the node's problems: a
// time that is not one.
#pragma once

#include "base/json/node.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

Scenario read_scenario(const std::filesystem::path& file, const Node& node);

}  // namespace spotmix::scenarios
