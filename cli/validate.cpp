// `spotmix validate`: reads scenarios and all their data, and says everything that is wrong with them.
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/verbs.h"

namespace spotmix::cli {

ExitCode validate(const ValidateOptions& options) {
  std::string valid;
  const ExitCode code = for_each_scenario(
      expand_inputs(options.inputs), scenarios::shipped_provider(), options.settings, options.quiet,
      [&](const std::filesystem::path& file, const Prepared&) { valid += file.string() + ": valid\n"; });
  print(valid);
  return code;
}

}  // namespace spotmix::cli
