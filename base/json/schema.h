// Validation against a draft-07 JSON schema, with messages for people.
//
// valijson is the judge of what is valid. Its own messages name neither what was found nor what would have
// been right, so for an invalid document the schema is walked once more and every violation is put into plain
// words; the `title` annotations of the schema become the "expected …" of a message.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"

namespace spotmix {

/// Every violation, in the order of the document's paths as the schema lists them; none: the document is
/// valid. Values that the schema refuses become null in `document`: no reader goes on with them.
[[nodiscard]] Problems check_schema(const std::string& file, nlohmann::json& document,
                                    const nlohmann::json& schema);

}  // namespace spotmix
