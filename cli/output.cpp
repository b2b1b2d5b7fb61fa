#include "cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/version.h"
#include "reports/csv/tables.h"
#include "reports/files/whole_file.h"
#include "reports/json/result_json.h"
#include "reports/markdown/summary.h"
#include "reports/terminal/table.h"
#include "reports/trace/chrome_trace.h"

namespace spotmix::cli {
namespace {

using reports::Report;

void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  reports::WholeFile file(path);
  write(file.stream());
  file.commit();
}

std::vector<const Report*> pointers_to(const std::vector<Report>& reports) {
  std::vector<const Report*> pointers;
  for (const Report& report : reports) pointers.push_back(&report);
  return pointers;
}

void write_tables(const std::vector<Report>& reports, std::ostream& out) {
  const reports::TerminalStyle style = standard_output_style();
  for (const Report& report : reports) {
    if (&report != &reports.front()) out << '\n';
    reports::write_table(report, style, out);
  }
}

void write_csv(const std::vector<Report>& reports, bool per_replication, std::ostream& out) {
  if (per_replication) {
    reports::write_replications_csv(pointers_to(reports), out);
  } else {
    reports::write_summary_csv(pointers_to(reports), out);
  }
}

void write_json(const std::vector<Report>& reports, bool many, bool per_replication, std::ostream& out) {
  if (many) {
    reports::write_results_json(kVersion, pointers_to(reports), per_replication, out);
  } else {
    reports::write_result_json(reports.front(), per_replication, out);
  }
}

}  // namespace

void print(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    throw std::runtime_error(fmt::format("standard output cannot be written: {}", std::strerror(errno)));
  }
}

void write_files(const Report& report, const std::filesystem::path& folder) {
  const std::vector<const Report*> only{&report};
  write_file(folder / "result.json", [&](auto& out) { write_result_json(report, false, out); });
  write_file(folder / "summary.csv", [&](auto& out) { write_summary_csv(only, out); });
  write_file(folder / "replications.csv", [&](auto& out) { write_replications_csv(only, out); });
  write_file(folder / "timeline.csv", [&](auto& out) { write_timeline_csv(report, out); });
  write_file(folder / "bill.csv", [&](auto& out) { write_bill_csv(report, out); });
  write_file(folder / "trace.json", [&](auto& out) { write_chrome_trace(report, out); });
  write_file(folder / "summary.md", [&](auto& out) { write_markdown(report, out); });
}

void print_reports(const std::vector<Report>& reports, bool many, const RunOptions& options) {
  if (reports.empty()) return;
  std::ostringstream out;
  switch (options.format) {
    case Format::table:
      write_tables(reports, out);
      break;
    case Format::csv:
      write_csv(reports, options.per_replication, out);
      break;
    case Format::json:
      write_json(reports, many, options.per_replication, out);
      break;
  }
  print(out.str());
}

}  // namespace spotmix::cli
