#include "scenarios/importers/log_prefix.h"

#include <algorithm>

namespace spotmix::scenarios {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBlanks = " \t";

bool is_digit(char c) {
  return kDigits.find(c) != std::string_view::npos;
}

std::string shape_of(std::string_view text) {
  std::string shape;
  for (const char c : text) {
    const char kind = is_digit(c) ? '0' : c;
    if (kind != '0' || shape.empty() || shape.back() != '0') shape += kind;
  }
  return shape;
}

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace

LogPrefix::LogPrefix(std::string_view prefix) : shape_(shape_of(without_blanks(prefix))) {}

std::string_view LogPrefix::strip(std::string_view line) const {
  if (shape_.empty()) return line;
  std::size_t at = std::min(line.find_first_not_of(kBlanks), line.size());
  for (const char expected : shape_) {
    if (at == line.size()) return line;
    if (expected != '0') {
      if (line[at++] != expected) return line;
      continue;
    }
    if (!is_digit(line[at])) return line;
    at = std::min(line.find_first_not_of(kDigits, at), line.size());
  }
  return line.substr(at);
}

}  // namespace spotmix::scenarios
