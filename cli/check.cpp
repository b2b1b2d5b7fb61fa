// `spotmix check`: simulates scenarios and compares their results with a baseline, or records one.
#include <sstream>

#include <fmt/format.h>

#include "base/files/whole_file.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "reports/baseline/write.h"
#include "sim/batch/batch.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;
using reports::Comparison;

/// The simulations of a check as `run` would do them.
RunOptions simulation_options(const CheckOptions& options) {
  RunOptions run;
  run.inputs = options.inputs;
  run.seed = options.seed;
  run.replications = options.replications;
  run.jobs = options.jobs;
  run.quiet = options.quiet;
  run.per_replication = true;
  run.keep_reproduction = true;
  return run;
}

void write_comparison(const fs::path& path, void (*write)(const Comparison&, std::ostream&),
                      const Comparison& comparison) {
  WholeFile file(path);
  write(comparison, file.stream());
  file.commit();
}

void write_files(const Comparison& comparison, const fs::path& folder) {
  write_comparison(folder / "check.json", reports::write_comparison_json, comparison);
  write_comparison(folder / "check.xml", reports::write_comparison_junit, comparison);
  write_comparison(folder / "check.md", reports::write_comparison_markdown, comparison);
}

void print_comparison(const Comparison& comparison, CheckFormat format) {
  std::ostringstream out;
  switch (format) {
    case CheckFormat::table:
      reports::write_comparison_table(comparison, standard_output_style(), out);
      break;
    case CheckFormat::json:
      reports::write_comparison_json(comparison, out);
      break;
    case CheckFormat::junit:
      reports::write_comparison_junit(comparison, out);
      break;
    case CheckFormat::markdown:
      reports::write_comparison_markdown(comparison, out);
      break;
  }
  print(out.str());
}

void record(const std::vector<reports::Report>& reports, const CheckOptions& options) {
  reports::Baseline baseline;
  for (const reports::Report& report : reports) baseline.scenarios.push_back(baseline_of(report));
  reports::require_distinct(baseline);
  WholeFile file(options.baseline);
  write_baseline(baseline, file.stream());
  file.commit();
  say(fmt::format("{}: recorded {} scenario{}", options.baseline.string(), reports.size(),
                  reports.size() == 1 ? "" : "s"),
      options.quiet);
}

/// All of them, or nothing when one is bad: a baseline or a verdict on a part would mislead.
std::optional<std::vector<Prepared>> prepare_all(const scenarios::Provider& provider,
                                                 const RunOptions& options) {
  const Inputs inputs = expand_inputs(options.inputs);
  say_problems(inputs.problems);
  bool good = inputs.problems.empty();
  std::vector<Prepared> all;
  for (const fs::path& file : inputs.files) {
    Result<Prepared> prepared = prepare(file, provider, options);
    say_warnings(prepared.warnings, options.quiet);
    say_problems(prepared.problems);
    good = good && prepared;
    if (prepared) all.push_back(std::move(*prepared.value));
  }
  return good ? std::optional(std::move(all)) : std::nullopt;
}

ExitCode check_all(const CheckOptions& options) {
  const RunOptions run = simulation_options(options);
  // A baseline that cannot be used shows before anything is simulated.
  std::optional<reports::Baseline> baseline;
  if (!options.update) baseline = reports::read_baseline(options.baseline);
  const scenarios::Provider provider = scenarios::shipped_provider();
  const auto prepared = prepare_all(provider, run);
  if (!prepared) return ExitCode::bad_input;
  if (options.out) prepare_folder(*options.out);
  std::vector<reports::Report> results;
  for (const Prepared& one : *prepared) results.push_back(simulate(one, provider, run));
  if (!baseline) {
    record(results, options);
    return ExitCode::done;
  }
  const Comparison comparison = reports::compare(*baseline, results, options.tolerance);
  if (options.out) write_files(comparison, *options.out);
  print_comparison(comparison, options.format);
  return drifted(comparison) ? ExitCode::threshold_crossed : ExitCode::done;
}

}  // namespace

ExitCode check(const CheckOptions& options) {
  try {
    return check_all(options);
  } catch (const reports::BadBaseline& error) {
    say_error(error.what());
    return ExitCode::bad_input;
  } catch (const sim::Interrupted&) {
    return ExitCode::interrupted;
  }
}

}  // namespace spotmix::cli
