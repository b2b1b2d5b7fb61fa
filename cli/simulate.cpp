#include "cli/simulate.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/result_warnings.h"
#include "cli/step_figures.h"
#include "cli/version.h"
#include "reports/results/figures.h"
#include "reports/results/thresholds.h"
#include "scenarios/input_files.h"
#include "sim/batch/batch.h"

namespace spotmix::cli {
namespace {

using scenarios::Provider;
using scenarios::Scenario;

Problems problems_of_thresholds(const Scenario& scenario) {
  Problems problems;
  for (const scenarios::Threshold& threshold : scenario.thresholds) {
    const std::string& metric = threshold.metric;
    if (reports::threshold_metric(metric) != nullptr) continue;
    const std::vector<std::string> names = reports::metric_names();
    problems.push_back({scenario.file.string(), threshold.path,
                        fmt::format("found {}, expected {}{}", in_quotes(metric), one_of(names),
                                    did_you_mean(metric, names))});
  }
  return problems;
}

Problems problems_of_replay(const Scenario& scenario, const RunOptions& options) {
  if (!options.replay || *options.replay < scenario.replications) return {};
  return {{scenario.file.string(), "",
           fmt::format("--replay {}: the scenario has {} replications, numbered from 0", *options.replay,
                       scenario.replications)}};
}

Result<Prepared> build(Result<Scenario> loaded, const Provider& provider) {
  Result<Prepared> prepared;
  prepared.warnings = std::move(loaded.warnings);
  prepared.problems = std::move(loaded.problems);
  if (!loaded) return prepared;
  Result<scenarios::BuiltExperiment> built = scenarios::build_experiment(*loaded.value, provider);
  append(prepared.warnings, std::move(built.warnings));
  append(prepared.problems, std::move(built.problems));
  if (built) prepared.value = Prepared{std::move(*loaded.value), std::move(*built.value), prepared.warnings};
  return prepared;
}

std::vector<reports::Threshold> thresholds_of(const Scenario& scenario) {
  std::vector<reports::Threshold> thresholds;
  for (const scenarios::Threshold& asked : scenario.thresholds) {
    thresholds.push_back(
        {asked.metric, asked.mix, asked.min, asked.max, asked.excludes_limit, asked.of_best, asked.except});
  }
  return thresholds;
}

/// Of a mix that was simulated once: that one.
std::vector<reports::Replay> replays_of(const sim::Experiment& experiment, const sim::BatchResult& batch,
                                        std::uint64_t asked) {
  std::vector<reports::Replay> replays;
  for (std::size_t mix = 0; mix < experiment.mixes.size(); ++mix) {
    if (experiment.mixes[mix].infeasible_reason) continue;
    const std::uint64_t replication = std::min(asked, batch.mixes[mix].simulated - 1);
    replays.push_back({mix, replication, sim::record_replication(experiment, mix, replication)});
  }
  return replays;
}

/// Whether something that is written needs what `need` names: a file, or the database, which keeps all.
bool any_file(const RunOptions& options, bool reports::FileFormat::*need) {
  if (options.database) return true;
  const auto& all = reports::file_formats();
  return options.out && std::any_of(all.begin(), all.end(), [&](const reports::FileFormat& format) {
           return format.*need && options.files.includes(format);
         });
}

reports::Reproduction reproduction_of(const Scenario& scenario, const Provider& provider,
                                      const std::string& command_line) {
  reports::Reproduction reproduction{command_line, scenario.text, {}};
  const Result<std::vector<scenarios::InputFile>> inputs = scenarios::input_files(scenario, provider);
  if (!inputs) throw std::runtime_error(to_line(inputs.problems.front()));
  for (const scenarios::InputFile& input : *inputs.value) {
    reproduction.inputs.push_back({input.role, input.name, input.sha256});
  }
  return reproduction;
}

/// Mixes of one range stand side by side, from the low end to the high one.
std::vector<reports::AdvisorRange> advisor_ranges(const Scenario& scenario) {
  std::vector<reports::AdvisorRange> ranges;
  for (std::size_t i = 0; i + 2 < scenario.mixes.size(); ++i) {
    const scenarios::MixSpec& mix = scenario.mixes[i];
    if (!mix.advisor_range_of.empty() && mix.advisor_point == scenarios::AdvisorPoint::low)
      ranges.push_back({mix.advisor_range_of, i, i + 1, i + 2});
  }
  return ranges;
}

/// Shows the path within the scenario, or the name of the mix that it is about.
reports::Warning warning_of(const Scenario& scenario, const Problem& warning) {
  if (warning.about) return {warning.code, scenario.mixes.at(*warning.about).name, warning.message};
  std::string text = warning.where.empty() ? warning.message : warning.where + ": " + warning.message;
  const std::filesystem::path file(warning.file);
  if (file != scenario.file) text = file.filename().string() + ": " + text;
  return {warning.code, std::nullopt, std::move(text)};
}

reports::Report report_on(const Prepared& prepared, sim::BatchResult batch) {
  const sim::Experiment& experiment = prepared.built.experiment;
  reports::Report report;
  report.spotmix_version = kVersion;
  report.scenario = prepared.scenario.name;
  report.description = prepared.scenario.description;
  report.settings = prepared.scenario.settings;
  report.deadline = experiment.deadline;
  report.budget = experiment.budget;
  for (const sim::Pool& pool : experiment.market.pools) {
    report.pools.push_back({pool.instance_type, pool.zone});
  }
  report.batch = std::move(batch);
  for (std::size_t i = 0; i < prepared.built.details.size(); ++i) {
    const scenarios::MixDetails& details = prepared.built.details[i];
    report.steps.push_back(step_figures(details));
    if (report.steps.back())
      add_costs(details, experiment.mixes[i], report.batch.mixes[i], *report.steps.back());
    report.sources.push_back(details.sources);
    if (prepared.scenario.mixes[i].reference) report.references.insert(i);
    if (details.nothing_interrupts) report.uninterrupted.insert(i);
  }
  for (const Problem& warning : prepared.warnings)
    report.warnings.push_back(warning_of(prepared.scenario, warning));
  report.advisor_ranges = advisor_ranges(prepared.scenario);
  report.thresholds = reports::judge(thresholds_of(prepared.scenario), report);
  for (reports::Warning& warning : warnings_of_results(prepared, report))
    report.warnings.push_back(std::move(warning));
  return report;
}

bool any_can_train(const sim::Experiment& experiment) {
  return std::any_of(experiment.mixes.begin(), experiment.mixes.end(),
                     [](const sim::Mix& mix) { return !mix.infeasible_reason; });
}

}  // namespace

Result<Prepared> prepare(const std::filesystem::path& file, const Provider& provider,
                         const RunOptions& options) {
  Result<Scenario> loaded = scenarios::load_scenario(file, provider, options.settings);
  if (!loaded) return build(std::move(loaded), provider);
  Scenario& scenario = *loaded.value;
  if (options.seed) scenario.seed = *options.seed;
  if (options.replications) scenario.replications = *options.replications;
  Problems problems = problems_of_thresholds(scenario);
  append(problems, problems_of_replay(scenario, options));
  Result<Prepared> prepared = build(std::move(loaded), provider);
  append(prepared.problems, std::move(problems));
  if (!prepared.problems.empty()) prepared.value.reset();
  return prepared;
}

ExitCode for_each_scenario(const Inputs& inputs, const Provider& provider,
                           const std::vector<std::string>& settings, bool quiet,
                           const std::function<void(const std::filesystem::path&, const Prepared&)>& use) {
  say_passed_over(inputs.passed_over, quiet);
  say_problems(inputs.problems);
  RunOptions options;
  options.settings = settings;
  ExitCode code = inputs.problems.empty() ? ExitCode::done : ExitCode::bad_input;
  for (const std::filesystem::path& file : inputs.files) {
    const Result<Prepared> prepared = prepare(file, provider, options);
    say_warnings(prepared.warnings, quiet);
    say_problems(prepared.problems);
    if (prepared) use(file, *prepared.value);
    if (!prepared) {
      code = ExitCode::bad_input;
    } else if (!any_can_train(prepared.value->built.experiment)) {
      code = worse(code, ExitCode::threshold_crossed);
    }
  }
  return code;
}

reports::Report simulate(const Prepared& prepared, const Provider& provider, const RunOptions& options) {
  const sim::Experiment& experiment = prepared.built.experiment;
  sim::BatchResult batch;
  {
    Progress progress(prepared.scenario.name, experiment.replications, options.quiet);
    sim::BatchOptions settings;
    settings.jobs = static_cast<unsigned>(options.jobs);
    settings.keep_replications =
        options.per_replication || any_file(options, &reports::FileFormat::needs_replications);
    settings.on_progress = [&](std::uint64_t done) { progress.show(done); };
    settings.stop = &stop_requested();
    batch = sim::run_batch(experiment, settings);
  }
  reports::Report report = report_on(prepared, std::move(batch));
  if (any_file(options, &reports::FileFormat::needs_replays)) {
    report.replays = replays_of(experiment, report.batch, options.replay.value_or(0));
  }
  if (options.out || options.database) report.market = reports::market_history(experiment, report.batch);
  if (options.out || options.database || options.keep_reproduction) {
    report.reproduction = reproduction_of(prepared.scenario, provider, options.command_line);
  }
  return report;
}

}  // namespace spotmix::cli
