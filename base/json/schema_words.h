// What of a document breaks a draft-07 schema, in plain words.
//
// Knows the part of draft-07 that the program's schemas use: type, enum, const, minimum, maximum,
// exclusiveMinimum, minLength, pattern, items, minItems, maxItems, properties, required,
// additionalProperties, minProperties, oneOf whose alternatives differ in type, and $ref into definitions.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"

namespace spotmix {

/// Every violation; none for a valid document.
[[nodiscard]] Problems violations_in_words(const std::string& file, nlohmann::json& document,
                                           const nlohmann::json& schema);

}  // namespace spotmix
