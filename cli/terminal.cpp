#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace spotmix::cli {
namespace {

constexpr std::size_t kPipedWidth = 80;
constexpr std::size_t kLeastWidth = 40;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kPipedWidth;
  return std::max<std::size_t>(size.ws_col, kLeastWidth);
}

}  // namespace

reports::TerminalStyle standard_output_style() {
  if (::isatty(STDOUT_FILENO) == 0) return {kPipedWidth, false};
  return {terminal_width(), environment("NO_COLOR").empty() && environment("TERM") != "dumb"};
}

bool standard_error_is_terminal() {
  return ::isatty(STDERR_FILENO) != 0;
}

}  // namespace spotmix::cli
