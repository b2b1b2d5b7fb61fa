// Everything the program says on standard error: problems, warnings, progress.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/problem.h"
#include "reports/results/warnings.h"

namespace spotmix::cli {

/// Always printed: "spotmix: LINE".
void say_error(std::string_view line);

/// A remark that --quiet silences: "spotmix: LINE".
void say(std::string_view line, bool quiet);

/// One remark about all files of a folder that are not scenarios; empty if all are.
void say_passed_over(const std::vector<std::filesystem::path>& files, bool quiet);

void say_problems(const Problems& problems);
/// Of a report: those about its scenario, about its mixes, or all; what is the same for several mixes is one
/// line.
void say_warnings_of(const reports::Report& report, reports::Which which, bool quiet);

/// Those that differ only in their place are one line with a count.
void say_warnings(const Problems& warnings, bool quiet);

/// A bar on standard error while a batch runs; nothing if quiet or if stderr is not a terminal. The
/// destructor wipes it away.
class Progress {
 public:
  Progress(const std::string& label, std::uint64_t total, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Redraws at most ten times a second.
  void show(std::uint64_t done);

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  std::uint64_t total_;
  bool shown_;
  Clock::time_point begun_;
  Clock::time_point drawn_;
};

}  // namespace spotmix::cli
