#include "reports/files/read_reports.h"

#include <algorithm>

#include "base/files/read_file.h"
#include "reports/database/results_db.h"
#include "reports/json/read_result.h"

namespace spotmix::reports {
namespace {

/// How every SQLite file begins (sqlite.org/fileformat.html).
constexpr std::string_view kSqlite{"SQLite format 3\0", 16};

/// Whether every mix that was simulated has what `has` asks for.
template <class Has>
bool all_simulated(const Report& report, Has has) {
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    if (feasible(report.batch.mixes[i]) && !has(i)) return false;
  }
  return true;
}

}  // namespace

std::vector<Report> read_reports(const std::filesystem::path& file, std::optional<std::uint64_t> run) {
  const Result<std::string> start = read_start(file, kSqlite.size());
  if (start && *start.value == kSqlite) return read_results(stored_result(file, run));
  if (run) throw BadDocument("--run", "found a result JSON, expected a database of results");
  const Result<std::string> text = read_bytes(file);
  if (!text) throw BadDocument("", text.problems.front().message);
  return read_results(*text.value);
}

std::string missing_for(const FileFormat& format, const Report& report) {
  const auto kept = [&](std::size_t mix) { return !report.batch.mixes[mix].replications.empty(); };
  const auto replayed = [&](std::size_t mix) {
    return std::any_of(report.replays.begin(), report.replays.end(),
                       [&](const Replay& replay) { return replay.mix == mix; });
  };
  if (format.needs_replications && !all_simulated(report, kept)) return "replications";
  if (format.needs_replays && !all_simulated(report, replayed)) return "timelines and bills of a replication";
  return "";
}

}  // namespace spotmix::reports
