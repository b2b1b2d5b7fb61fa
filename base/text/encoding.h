// Text files as other programs write them: with a byte order mark, or in UTF-16 (PowerShell's ">").
#pragma once

#include <optional>
#include <string>

namespace spotmix {

/// The text as UTF-8 without its byte order mark; as it is if it has none. nullopt for UTF-16 that is not
/// valid.
std::optional<std::string> without_mark(std::string text);

}  // namespace spotmix
