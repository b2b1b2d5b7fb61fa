#include "cli/messages.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "cli/terminal.h"

namespace spotmix::cli {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kLabelWidth = 24;

void print_line(std::string_view line) {
  const std::string text = fmt::format("spotmix: {}\n", safe_text(line));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

void say_error(std::string_view line) {
  print_line(line);
}

void say(std::string_view line, bool quiet) {
  if (!quiet) print_line(line);
}

void say_passed_over(const std::vector<std::filesystem::path>& files, bool quiet) {
  if (files.empty()) return;
  std::string names;
  for (const std::filesystem::path& file : files)
    names += (names.empty() ? "" : ", ") + file.filename().string();
  say(fmt::format("passed over, since they are no scenarios: {}", names), quiet);
}

void say_problems(const Problems& problems) {
  for (const Problem& problem : problems) say_error(to_line(problem));
}

void say_warnings(const Problems& warnings, bool quiet) {
  constexpr std::size_t kMostPlaces = 3;
  std::vector<Problem> kinds;
  std::vector<std::vector<std::string>> others;  // places beside each kind's first
  for (const Problem& warning : warnings) {
    const auto same = std::find_if(kinds.begin(), kinds.end(), [&](const Problem& kind) {
      return kind.file == warning.file && kind.message == warning.message;
    });
    if (same == kinds.end()) {
      kinds.push_back(warning);
      others.emplace_back();
    } else if (same->where != warning.where) {
      others[static_cast<std::size_t>(same - kinds.begin())].push_back(warning.where);
    }
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    std::string line = "warning: " + to_line(kinds[i]);
    if (!others[i].empty()) {
      const std::size_t shown = std::min(others[i].size(), kMostPlaces);
      line += fmt::format(
          " (and {} more: {}{})", others[i].size(),
          fmt::join(others[i].begin(), others[i].begin() + static_cast<std::ptrdiff_t>(shown), ", "),
          shown < others[i].size() ? ", …" : "");
    }
    say(line, quiet);
  }
}

void say_warnings_of(const reports::Report& report, reports::Which which, bool quiet) {
  for (const std::string& line : reports::warning_lines(report, which))
    say(fmt::format("warning: {}: {}", report.scenario, line), quiet);
}

Progress::Progress(const std::string& label, std::uint64_t total, bool quiet)
    : label_(shortened(safe_text(label), kLabelWidth)),
      total_(std::max<std::uint64_t>(total, 1)),
      shown_(!quiet && standard_error_is_terminal()),
      begun_(Clock::now()),
      drawn_(begun_) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (!shown_ || now - drawn_ < std::chrono::milliseconds{100}) return;
  drawn_ = now;
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  const double passed_s = std::chrono::duration<double>(now - begun_).count();
  const std::string left = share > 0 ? duration_text(passed_s * (1 - share) / share) : "";
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {:.0f} %  {} left", label_, std::string(filled, '#'),
             std::string(kBarWidth - filled, '.'), share * 100, left);
  std::fflush(stderr);
}

}  // namespace spotmix::cli
