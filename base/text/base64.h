// Base64 with padding (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spotmix {

std::string base64(std::string_view bytes);

/// nullopt if the text is not base64, or is not padded to a multiple of four digits.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace spotmix
