// ANSI colours, where the style asks for them.
#pragma once

#include <string>
#include <string_view>

#include "reports/terminal/table.h"

namespace spotmix::reports {

inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kGreen = "\x1b[32m";
inline constexpr std::string_view kRed = "\x1b[31m";
inline constexpr std::string_view kDim = "\x1b[2m";

inline std::string painted(const std::string& text, std::string_view colour, const TerminalStyle& style) {
  if (!style.colour || colour.empty()) return text;
  std::string result(colour);
  result += text;
  result += "\x1b[0m";
  return result;
}

}  // namespace spotmix::reports
