// Files that are linked into the program (see CMakeLists.txt), so that it needs none beside it.
#pragma once

#include <string_view>

namespace spotmix::scenarios {

std::string_view scenario_schema_text();
std::string_view trace_schema_text();
std::string_view catalog_text();
std::string_view spot_advisor_text();

}  // namespace spotmix::scenarios
