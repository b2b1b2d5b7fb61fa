#include "cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/files/whole_file.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "reports/csv/tables.h"
#include "reports/json/result_json.h"
#include "reports/terminal/table.h"

namespace spotmix::cli {
namespace {

using reports::Report;

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

void write_assets(const std::filesystem::path& folder) {
  if (!reports::html_is_available()) return;
  prepare_folder(folder);
  for (const reports::HtmlAssetFile& asset : reports::html_asset_files()) {
    WholeFile file(folder / asset.name);
    file.stream() << asset.content;
    file.commit();
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

void write_files(const Report& report, const FileChoice& files, const std::filesystem::path& folder) {
  reports::FileSettings settings = files.settings;
  if (files.shared_assets) {
    const std::filesystem::path assets = files.out / "assets";
    settings.html.href = std::filesystem::proximate(assets, folder).generic_string();
    write_assets(assets);
  }
  for (const reports::FileFormat& format : reports::file_formats()) {
    if (!files.includes(format)) continue;
    WholeFile file(folder / format.file);
    format.write(report, settings, file.stream());
    file.commit();
  }
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
