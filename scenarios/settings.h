// `--set PATH=VALUE`: a value of a scenario file changed before the file is checked.
//
// PATH is spelled as in messages: "mixes[0].groups[1].count". VALUE is JSON, or a text if it is not valid
// JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"

namespace spotmix::scenarios {

/// Sets one value after the other. The last key of a path may be new; all above it must exist. Returns what
/// is wrong with the settings; the document keeps those that are good. REQUIRES: each has the form
/// PATH=VALUE.
[[nodiscard]] Problems set_values(const std::string& file, const std::vector<std::string>& settings,
                                  nlohmann::json& document);

}  // namespace spotmix::scenarios
