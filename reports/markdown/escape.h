// Names from anyone, in Markdown: nothing in them starts markup, HTML, a mention or a reference, and none is
// long.
#pragma once

#include <string>
#include <string_view>

namespace spotmix::reports {

/// In running text: at most 320 columns.
std::string markdown_text(std::string_view text);

/// A name, as in a cell of a table: at most 80 columns.
std::string markdown_name(std::string_view name);

}  // namespace spotmix::reports
