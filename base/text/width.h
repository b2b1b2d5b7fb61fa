// How many columns a text takes on a terminal, and how it is made to fit.
//
// Names come from scenario files that someone else may have written, so what would move the cursor, colour
// the screen or turn the direction of writing never reaches the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spotmix {

/// UTF-8 without control characters and without marks of direction: each becomes U+FFFD, as does what is no
/// UTF-8.
std::string safe_text(std::string_view text);

/// Columns of a safe text: 2 for wide East Asian characters and emoji, 0 for combining marks, else 1.
std::size_t display_width(std::string_view safe);

/// The text in at most `width` columns; what is too much is cut from its middle and replaced by "…".
std::string shortened(std::string_view safe, std::size_t width);

/// Padded with spaces to `width` columns; longer texts stay as they are.
std::string padded_left(std::string_view safe, std::size_t width);
std::string padded_right(std::string_view safe, std::size_t width);

/// Lines of at most `width` columns, broken at spaces; `indent` spaces before each line but the first.
std::string wrapped(std::string_view safe, std::size_t width, std::size_t indent);

}  // namespace spotmix
