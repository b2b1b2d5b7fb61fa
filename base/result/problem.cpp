#include "base/result/problem.h"

#include "base/text/utf8.h"

namespace spotmix {

std::string to_line(const Problem& problem) {
  std::string line = problem.file;
  if (!problem.where.empty()) line += ": " + problem.where;
  line += ": " + problem.message;
  std::string shown;
  for (std::string_view rest = line; !rest.empty();) {
    const Character next = first_character(rest);
    const bool control = next.code && (*next.code < 0x20 || *next.code == 0x7f);
    shown += next.code && !control ? next.bytes : "?";
    rest.remove_prefix(next.bytes.size());
  }
  return shown;
}

}  // namespace spotmix
