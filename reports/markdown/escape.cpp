#include "reports/markdown/escape.h"

#include <fmt/format.h>

#include "base/text/width.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kNameWidth = 80;
constexpr std::size_t kTextWidth = 4 * kNameWidth;

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kSpecial = "&<>|`*_[]\\#@~$";
  std::string result;
  for (const char c : shortened(safe_text(text), kTextWidth)) {
    if (kSpecial.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("&#{};", static_cast<int>(c));
    }
  }
  return result;
}

std::string markdown_name(std::string_view name) {
  return markdown_text(shortened(safe_text(name), kNameWidth));
}

}  // namespace spotmix::reports
