// `spotmix run`: simulates each scenario, writes its files, then prints them all.
#include <algorithm>
#include <exception>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/out_folders.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "reports/database/results_db.h"
#include "reports/results/thresholds.h"
#include "reports/results/verdict.h"
#include "sim/batch/batch.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;

/// Those about mixes stand beside the results.
Problems of_the_file(const Problems& warnings) {
  Problems of_file;
  std::copy_if(warnings.begin(), warnings.end(), std::back_inserter(of_file),
               [](const Problem& warning) { return !warning.about; });
  return of_file;
}

class Run {
 public:
  Run(const RunOptions& options, bool many) : options_(options), many_(many), folders_(options.out, many) {}

  /// A scenario that is bad or fails does not stop those after it.
  void scenario(const fs::path& file) {
    try {
      prepare_and_simulate(file);
    } catch (const std::bad_alloc&) {
      fail(fmt::format("{}: there is not enough memory, fewer replications need less", file.string()),
           ExitCode::failed);
    } catch (const std::exception& error) {
      fail(fmt::format("{}: {}", file.string(), error.what()), ExitCode::failed);
    }
  }

  void problems(const Problems& problems) {
    for (const Problem& problem : problems) fail(to_line(problem), ExitCode::bad_input);
  }

  ExitCode finish() {
    print_reports(reports_, many_, options_);
    const bool watched = options_.summary || standard_error_is_terminal();
    if (scenarios_ > 1 && (watched || reports_.size() < scenarios_)) {
      say(fmt::format("{} of {} scenarios simulated", reports_.size(), scenarios_), options_.quiet);
    }
    return code_;
  }

 private:
  void prepare_and_simulate(const fs::path& file) {
    ++scenarios_;
    const Result<Prepared> prepared = prepare(file, provider_, options_);
    if (!prepared) {
      say_warnings(prepared.warnings, options_.quiet);
      return problems(prepared.problems);
    }
    say_warnings(of_the_file(prepared.warnings), options_.quiet);
    const std::optional<fs::path> folder = folders_.prepare(file.stem().string());
    if (options_.database) reports::prepare_results_db(*options_.database);
    reports::Report report = simulate(*prepared.value, provider_, options_);
    if (folder) write_files(report, options_.files, *folder);
    if (options_.database) reports::append_to_results_db(*options_.database, report);
    if (options_.format != Format::table) say_warnings_of(report, reports::of_mix, options_.quiet);
    say_crossed(report);
    say_infeasible(report);
    reports_.push_back(std::move(report));
  }

  /// On standard error, unless standard output shows the table, which has them.
  void say_crossed(const reports::Report& report) {
    if (!any_crossed(report)) return;
    code_ = worse(code_, ExitCode::threshold_crossed);
    if (options_.format == Format::table) return;
    for (const reports::ThresholdResult& result : report.thresholds) {
      if (!result.met) say_error(fmt::format("✗ {}: {}", report.scenario, text_of(result)));
    }
  }

  /// As with thresholds: the table shows them itself.
  void say_infeasible(const reports::Report& report) {
    const bool some = any_can_train(report);
    if (!some) code_ = worse(code_, ExitCode::threshold_crossed);
    if (options_.format == Format::table) return;
    for (const sim::MixResult& mix : report.batch.mixes) {
      if (!mix.infeasible_reason) continue;
      const std::string line =
          fmt::format("{}: {} cannot train: {}", report.scenario, mix.name, *mix.infeasible_reason);
      some ? say("warning: " + line, options_.quiet) : say_error(line);
    }
  }

  void fail(const std::string& line, ExitCode code) {
    say_error(line);
    code_ = worse(code_, code);
  }

  const RunOptions& options_;
  const scenarios::Provider provider_ = scenarios::shipped_provider();
  bool many_;
  OutFolders folders_;
  std::size_t scenarios_ = 0;
  std::vector<reports::Report> reports_;
  ExitCode code_ = ExitCode::done;
};

void require_consistent(const RunOptions& options) {
  if (options.per_replication && options.format == Format::table) {
    throw BadArguments("--per-replication: needs --format json or --format csv");
  }
}

}  // namespace

ExitCode run(const RunOptions& options) {
  require_consistent(options);
  const Inputs inputs = expand_inputs(options.inputs);
  say_passed_over(inputs.passed_over, options.quiet);
  Run run(options, inputs.many);
  run.problems(inputs.problems);
  try {
    for (const fs::path& file : inputs.files) run.scenario(file);
  } catch (const sim::Interrupted&) {
    return ExitCode::interrupted;
  }
  return run.finish();
}

}  // namespace spotmix::cli
