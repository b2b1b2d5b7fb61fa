// From a scenario file to a report, in two steps: what can be wrong with the input, then the simulation.
#pragma once

#include <filesystem>
#include <functional>

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/inputs.h"
#include "reports/results/report.h"
#include "scenarios/build.h"
#include "scenarios/provider/provider.h"
#include "scenarios/scenario.h"

namespace spotmix::cli {

struct Prepared {
  scenarios::Scenario scenario;
  scenarios::BuiltExperiment built;
  Problems warnings;  ///< Of both.
};

/// Reads and checks a scenario and its data, with the command line's seed and number of replications, and
/// what else a run needs: thresholds on figures that exist, a replay that is one of the replications.
/// Writes nothing.
Result<Prepared> prepare(const std::filesystem::path& file, const scenarios::Provider& provider,
                         const RunOptions& options);

/// Prepares each input file in turn with these settings, prints its problems and warnings, and passes it to
/// `use` if it has no problem. Returns bad_input if any file had one, else threshold_crossed if a scenario
/// has no mix that can train.
ExitCode for_each_scenario(const Inputs& inputs, const scenarios::Provider& provider,
                           const std::vector<std::string>& settings, bool quiet,
                           const std::function<void(const std::filesystem::path&, const Prepared&)>& use);

/// Runs all replications, with progress on standard error. Throws SimulationError, sim::Interrupted.
reports::Report simulate(const Prepared& prepared, const scenarios::Provider& provider,
                         const RunOptions& options);

}  // namespace spotmix::cli
