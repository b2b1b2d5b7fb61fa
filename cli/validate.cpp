// `spotmix validate`: reads scenarios and all their data, and says everything that is wrong with them and
// which mixes cannot train.
#include <algorithm>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "cli/inputs.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/verbs.h"

namespace spotmix::cli {
namespace {

Problems infeasible_mixes(const std::filesystem::path& file, const sim::Experiment& experiment) {
  Problems found;
  for (std::size_t i = 0; i < experiment.mixes.size(); ++i) {
    const sim::Mix& mix = experiment.mixes[i];
    if (mix.infeasible_reason)
      found.push_back({file.string(), item_path("mixes", i),
                       fmt::format("{} cannot train: {}", mix.name, *mix.infeasible_reason)});
  }
  return found;
}

}  // namespace

ExitCode validate(const ValidateOptions& options) {
  std::string valid;
  const ExitCode code = for_each_scenario(
      expand_inputs(options.inputs), scenarios::shipped_provider(), options.settings, options.quiet,
      [&](const std::filesystem::path& file, const Prepared& prepared) {
        const sim::Experiment& experiment = prepared.built.experiment;
        const Problems infeasible = infeasible_mixes(file, experiment);
        const bool none_can = infeasible.size() == experiment.mixes.size();
        none_can ? say_problems(infeasible) : say_warnings(infeasible, options.quiet);
        valid += file.string() + (none_can ? ": valid, but no mix can train\n" : ": valid\n");
      });
  print(valid);
  return code;
}

}  // namespace spotmix::cli
