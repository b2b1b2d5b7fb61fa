// Decoding of UTF-8.
#pragma once

#include <optional>
#include <string_view>

namespace spotmix {

struct Character {
  std::string_view bytes;        ///< Of the source; not empty.
  std::optional<char32_t> code;  ///< nullopt for a byte that does not begin a character of UTF-8.
};

/// The character that `text` begins with. REQUIRES: text is not empty.
Character first_character(std::string_view text);

}  // namespace spotmix
