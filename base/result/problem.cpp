#include "base/result/problem.h"

namespace spotmix {
namespace {

/// Bytes of the UTF-8 character that starts at `i`; 0 where there is none.
std::size_t character_size(const std::string& text, std::size_t i) {
  const auto byte = [&](std::size_t j) { return static_cast<unsigned char>(text[j]); };
  const std::size_t size = byte(i) < 0x80                      ? 1
                           : byte(i) >= 0xF0 && byte(i) < 0xF5 ? 4
                           : byte(i) >= 0xE0                   ? 3
                           : byte(i) >= 0xC2                   ? 2
                                                               : 0;
  if (size == 0 || byte(i) >= 0xF5 || i + size > text.size()) return 0;
  for (std::size_t j = 1; j < size; ++j) {
    if ((byte(i + j) & 0xC0) != 0x80) return 0;
  }
  return size;
}

}  // namespace

std::string to_line(const Problem& problem) {
  std::string line = problem.file;
  if (!problem.where.empty()) line += ": " + problem.where;
  line += ": " + problem.message;
  std::string shown;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t size = character_size(line, i);
    const bool control = size == 1 && (static_cast<unsigned char>(line[i]) < 0x20 || line[i] == 0x7f);
    if (size == 0 || control) shown += '?';
    if (size > 0 && !control) shown += line.substr(i, size);
    i += size == 0 ? 1 : size;
  }
  return shown;
}

}  // namespace spotmix
