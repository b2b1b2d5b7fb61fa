// `spotmix import`: other people's price and capacity files into one trace file of our own.
#include "scenarios/import.h"

#include <fmt/format.h>

#include "cli/messages.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "scenarios/files.h"

namespace spotmix::cli {

ExitCode import(const ImportOptions& options) {
  const scenarios::Result<scenarios::Imported> imported =
      scenarios::import_files(options.inputs, options.settings);
  say_warnings(imported.warnings, options.quiet);
  say_problems(imported.problems);
  if (!imported) return ExitCode::bad_input;
  if (const auto problem = scenarios::write_file(options.out, imported.value->text)) {
    say_error(to_line(*problem));
    return ExitCode::failed;
  }
  std::string text;
  for (const std::string& line : imported.value->summary) text += line + "\n";
  print(text);
  say(fmt::format("wrote {}", options.out.string()), options.quiet);
  return ExitCode::done;
}

}  // namespace spotmix::cli
