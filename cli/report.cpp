// `spotmix report`: makes reports from results that were kept, without simulating again.
#include <fmt/format.h>

#include "base/json/json_text.h"
#include "cli/messages.h"
#include "cli/out_folders.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "reports/database/results_db.h"
#include "reports/files/read_reports.h"

namespace spotmix::cli {
namespace {

using reports::Report;

/// The files of the choice that this report can fill; a line for each that it cannot.
FileChoice possible(const Report& report, const ReportOptions& options, bool& complete) {
  FileChoice choice = options.files;
  choice.formats.clear();
  for (const reports::FileFormat& format : reports::file_formats()) {
    if (!options.files.includes(format)) continue;
    const std::string missing = reports::missing_for(format, report);
    if (missing.empty()) {
      choice.formats.push_back(&format);
      continue;
    }
    complete = false;
    say_error(fmt::format("{}: {}: found no {}, which {} needs; `run` with --out or --db keeps them",
                          options.input.string(), report.scenario, missing, format.file));
  }
  return choice;
}

ExitCode write_all(const std::vector<Report>& results, const ReportOptions& options) {
  OutFolders folders(options.out, results.size() > 1);
  bool complete = true;
  for (const Report& report : results) {
    const FileChoice choice = possible(report, options, complete);
    if (choice.formats.empty()) continue;
    write_files(report, choice, *folders.prepare(report.scenario));
  }
  return complete ? ExitCode::done : ExitCode::bad_input;
}

}  // namespace

ExitCode report(const ReportOptions& options) {
  try {
    const std::vector<Report> results = reports::read_reports(options.input, options.run);
    for (const Report& result : results)
      say_warnings_of(result, options.format == Format::table ? reports::of_scenario : reports::any_warning,
                      false);
    const ExitCode code = options.out ? write_all(results, options) : ExitCode::done;
    RunOptions printing;
    printing.format = options.format;
    print_reports(results, results.size() > 1, printing);
    return code;
  } catch (const BadDocument& error) {
    say_error(to_line({options.input.string(), "", error.what()}));
  } catch (const reports::DatabaseError& error) {
    say_error(error.what());
  }
  return ExitCode::bad_input;
}

}  // namespace spotmix::cli
