// JSON text → value, for files that people write by hand.
//
// Beyond the grammar, it refuses what a parser would pass over in silence: a key given twice in one object
// (most parsers keep the last), nesting deeper than any scenario needs, numbers beyond a double.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"

namespace spotmix {

inline constexpr int kDeepestNesting = 32;

/// All duplicate keys are reported at once; a syntax error ends the reading.
Result<nlohmann::json> parse_json(const std::string& file, const std::string& text);

/// What is wrong with the text as JSON; nothing where it can be parsed.
Problems json_problems(const std::string& file, const std::string& text);

/// "mixes[0]" + "name" → "mixes[0].name".
std::string key_path(const std::string& parent, const std::string& key);
std::string item_path(const std::string& parent, std::size_t index);

}  // namespace spotmix
