#include "cli/terminal.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace spotmix::cli {
namespace {

constexpr std::size_t kPipedWidth = 80;
constexpr std::size_t kLeastWidth = 40;
constexpr std::size_t kMostWidth = 1000;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

/// The terminal's own width, else that of COLUMNS, which shells and CI set for pipes too.
std::size_t output_width() {
  winsize size{};
  std::size_t width = 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  const std::string_view columns = environment("COLUMNS");
  if (width == 0) std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return width == 0 ? kPipedWidth : std::clamp(width, kLeastWidth, kMostWidth);
}

}  // namespace

reports::TerminalStyle standard_output_style() {
  const bool on_terminal = ::isatty(STDOUT_FILENO) != 0;
  return {output_width(), on_terminal && environment("NO_COLOR").empty() && environment("TERM") != "dumb"};
}

bool standard_error_is_terminal() {
  return ::isatty(STDERR_FILENO) != 0;
}

}  // namespace spotmix::cli
