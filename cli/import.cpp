// `spotmix import`: other people's files into files of our own, or into a hazard for scenarios.
#include "scenarios/import.h"

#include <filesystem>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "base/files/whole_file.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "reports/fit_report.h"
#include "scenarios/hazard_fit.h"

namespace spotmix::cli {
namespace {

void write(const std::filesystem::path& path, const std::string& text, bool quiet) {
  write_file(path, text);
  say(fmt::format("wrote {}", path.string()), quiet);
}

reports::FitReport report_of(const scenarios::HazardFit& fit) {
  reports::FitReport report;
  report.source = fit.source;
  report.pools = fit.pools.size();
  report.left_out = fit.left_out;
  report.fits = fit.fits;
  for (const sim::FittedLifetime& form : fit.fits.forms) report.names.emplace_back(name_of(form.form));
  report.chosen = fit.chosen;
  report.hazard = scenarios::hazard_text(fit.fits.forms[fit.chosen]);
  return report;
}

ExitCode fit(const ImportOptions& options) {
  const Result<scenarios::Trace> trace = scenarios::import_trace(options.inputs, options.settings);
  say_warnings(trace.warnings, options.quiet);
  say_problems(trace.problems);
  if (!trace) return ExitCode::bad_input;
  const Result<scenarios::HazardFit> fitted =
      scenarios::fit_hazard(options.inputs.front().string(), *trace.value, options.fit_options);
  say_problems(fitted.problems);
  if (!fitted) return ExitCode::bad_input;
  const std::string document = scenarios::fit_to_text(*fitted.value);
  if (options.out) write(*options.out, document, options.quiet);
  if (options.format == Format::json) {
    print(document);
    return ExitCode::done;
  }
  std::ostringstream table;
  write_fit_table(report_of(*fitted.value), standard_output_style(), table);
  print(table.str());
  return ExitCode::done;
}

}  // namespace

ExitCode import(const ImportOptions& options) {
  if (options.fit) return fit(options);
  const Result<scenarios::Imported> imported = scenarios::import_files(options.inputs, options.settings);
  say_warnings(imported.warnings, options.quiet);
  say_problems(imported.problems);
  if (!imported) return ExitCode::bad_input;
  std::error_code ignored;
  for (const std::filesystem::path& input : options.inputs) {
    if (!std::filesystem::equivalent(input, *options.out, ignored)) continue;
    say_error(fmt::format("{}: is what is imported, expected another file for --out", input.string()));
    return ExitCode::bad_input;
  }
  write(*options.out, imported.value->text, options.quiet);
  std::string text;
  for (const std::string& line : imported.value->summary) text += line + "\n";
  print(text);
  return ExitCode::done;
}

}  // namespace spotmix::cli
