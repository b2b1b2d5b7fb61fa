#include "scenarios/problem.h"

namespace spotmix::scenarios {

std::string to_line(const Problem& problem) {
  std::string line = problem.file;
  if (!problem.where.empty()) line += ": " + problem.where;
  line += ": " + problem.message;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return line;
}

}  // namespace spotmix::scenarios
