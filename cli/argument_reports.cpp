// The command line of the verbs that work on results: check, report and diff.
#include "cli/argument_parts.h"

namespace spotmix::cli {

void add_check(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("check", "Compare the results of scenarios with a baseline, for CI");
  const auto options = add_verb<CheckOptions>(verbs, "check");
  add_inputs(verb, options->inputs, "Scenario files, or folders of them");
  writes_file(verb.add_option("--baseline", options->baseline, "The file to compare with")->required());
  verb.add_flag("--update", options->update, "Record the results as the baseline instead");
  verb.add_option("--tolerance", options->tolerance, "Share by which a figure may change")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  add_choice<CheckFormat>(verb, "--format", options->format, "What standard output shows");
  writes_folder(
      verb.add_option("--out", options->out, "Also write check.json, check.xml (JUnit) and check.md"));
  add_number(verb, "--seed", options->seed, 0, kAny, "Of the random numbers, instead of the scenarios'");
  add_number(verb, "--replications", options->replications, 1, kMostReplications,
             "How many histories to simulate, instead of the scenarios'");
  add_number(verb, "--jobs", options->jobs, 0, kMostJobs,
             "Threads; 0: one per core; results do not depend on it");
  add_quiet(verb, options->quiet);
}

void add_report(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("report", "Make reports from results, without simulating again");
  const auto options = add_verb<ReportOptions>(verbs, "report");
  verb.add_option("FILE", options->input, "A result.json, or a database that --db wrote")
      ->required()
      ->type_name("");
  add_format(verb, options->format, {"table", "json", "csv"});
  add_number(verb, "--run", options->run, 1, kAny >> 1, "Which run of a database (default: the last)");
  add_out(verb, options->out, options->files);
  add_quiet(verb, options->quiet);
}

void add_diff(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("diff", "Compare two results: dollars, time, odds, winner and inputs");
  const auto options = add_verb<DiffOptions>(verbs, "diff");
  verb.add_option("FILE", options->inputs, "Two results: a result.json, or a database that --db wrote")
      ->required()
      ->expected(2)
      ->type_name("");
  add_format(verb, options->format, {"table", "json"});
}

}  // namespace spotmix::cli
