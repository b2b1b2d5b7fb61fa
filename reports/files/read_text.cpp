#include "reports/files/read_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/json/json_text.h"

namespace spotmix::reports {

std::string read_text(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file)) throw BadDocument("", "is a folder, expected a file");
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad() || text.bad()) {
    throw BadDocument(
        "", fmt::format("cannot be read: {}", errno != 0 ? std::strerror(errno) : "unknown reason"));
  }
  return text.str();
}

}  // namespace spotmix::reports
