// `spotmix diff`: what changed between two results.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "reports/database/results_db.h"
#include "reports/files/read_reports.h"
#include "reports/json/difference_json.h"
#include "reports/terminal/difference_table.h"

namespace spotmix::cli {
namespace {

using reports::Report;

std::vector<Report> reports_in(const std::filesystem::path& file) {
  try {
    return reports::read_reports(file, std::nullopt);
  } catch (const BadDocument& error) {
    throw BadArguments(to_line({file.string(), "", error.what()}));
  } catch (const reports::DatabaseError& error) {
    throw BadArguments(error.what());
  }
}

/// Two single results are compared whatever they are called, several by the names of their scenarios.
std::vector<reports::ResultDifference> differences_of(const std::vector<Report>& before,
                                                      const std::vector<Report>& after) {
  if (before.size() == 1 && after.size() == 1) return {difference_of(before.front(), after.front())};
  std::vector<reports::ResultDifference> differences;
  for (const Report& report : after) {
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](const Report& other) { return other.scenario == report.scenario; });
    if (same == before.end())
      say(report.scenario + ": only the second file has it", false);
    else
      differences.push_back(difference_of(*same, report));
  }
  return differences;
}

}  // namespace

ExitCode diff(const DiffOptions& options) {
  const std::vector<Report> before = reports_in(options.inputs.front());
  const std::vector<Report> after = reports_in(options.inputs.back());
  const auto differences = differences_of(before, after);
  std::ostringstream out;
  if (options.format == Format::json) {
    write_differences_json(kVersion, differences, out);
  } else {
    for (const reports::ResultDifference& difference : differences)
      write_difference_table(difference, standard_output_style(), out);
  }
  print(out.str());
  return ExitCode::done;
}

}  // namespace spotmix::cli
