// `spotmix new`: writes a first scenario.
#include <fmt/format.h>

#include "base/files/whole_file.h"
#include "base/text/nearest.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "scenarios/provider/provider.h"

namespace spotmix::cli {

ExitCode new_scenario(const NewOptions& options) {
  scenarios::NewScenario asked = options.scenario;
  const bool to_output = options.out == "-";
  const std::string name = asked.model ? *asked.model : asked.huggingface->stem().string();
  asked.file = to_output ? "scenario.json" : options.out.value_or(name + ".json");
  std::error_code ignored;
  if (!to_output && !options.out && std::filesystem::exists(asked.file, ignored))
    throw BadArguments(
        fmt::format("new: {} is there already; --out FILE names it or another", asked.file.string()));
  const Result<scenarios::ScenarioText> made = scenarios::new_scenario(asked, scenarios::shipped_provider());
  say_problems(made.problems);
  if (!made) return ExitCode::bad_input;
  if (to_output) {
    print(made.value->text);
  } else {
    write_file(asked.file, made.value->text);
    print(
        fmt::format("{}: written; spotmix run {} simulates it\n", asked.file.string(), asked.file.string()));
  }
  for (const std::string& note : made.value->notes) say(note, options.quiet);
  return ExitCode::done;
}

}  // namespace spotmix::cli
