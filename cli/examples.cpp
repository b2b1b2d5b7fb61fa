// `spotmix examples`: lists the example scenarios that ship with the program, or copies some.
#include <algorithm>
#include <map>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/files/whole_file.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/width.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "scenarios/other_files.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;

/// Beside an installed program, or where it was built.
fs::path examples_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / SPOTMIX_DATA_FOLDER / "examples";
  return !error && fs::is_directory(installed, error) ? installed : fs::path(SPOTMIX_EXAMPLES_FOLDER);
}

std::map<std::string, fs::path> known_examples() {
  const fs::path folder = examples_folder();
  const Inputs inputs = expand_inputs({folder});
  if (!inputs.problems.empty()) throw std::runtime_error(to_line(inputs.problems.front()));
  std::map<std::string, fs::path> known;
  for (const fs::path& file : inputs.files) known[file.stem().string()] = file;
  return known;
}

std::string text_of(const fs::path& file) {
  Result<std::string> text = read_file(file, kScenarioBytesLimit);
  if (!text) throw std::runtime_error(to_line(text.problems.front()));
  return *std::move(text.value);
}

void list(const std::map<std::string, fs::path>& known) {
  constexpr std::size_t kIndent = 4;
  std::string text;
  for (const auto& [name, file] : known) {
    const auto document = parse_document(text_of(file));
    text += name + "\n" + std::string(kIndent, ' ') +
            wrapped(safe_text(document.value("description", "")), standard_output_style().width - kIndent,
                    kIndent) +
            "\n";
  }
  print(text + "\n`spotmix examples NAME` copies one with its data.\n");
}

/// Scenarios lie beside the folder of their data; the copies have it below them.
void copy_example(const fs::path& example, const fs::path& out) {
  constexpr std::string_view kData = "../data/";
  std::string text = text_of(example);
  for (const std::string& name : scenarios::texts_in(text)) {
    if (!name.starts_with(kData)) continue;
    const fs::path to = out / "data" / name.substr(kData.size());
    prepare_folder(to.parent_path());
    fs::copy_file(example.parent_path() / name, to, fs::copy_options::overwrite_existing);
  }
  for (std::size_t at = text.find("\"../data/"); at != std::string::npos; at = text.find("\"../data/"))
    text.erase(at + 1, 3);
  const fs::path to = out / example.filename();
  write_file(to, text);
  print(to.string() + "\n");
}

}  // namespace

ExitCode examples(const ExamplesOptions& options) {
  const std::map<std::string, fs::path> known = known_examples();
  if (options.names.empty()) {
    list(known);
    return ExitCode::done;
  }
  std::vector<std::string> names;
  for (const auto& [name, file] : known) names.push_back(name);
  for (const std::string& name : options.names) {
    if (!known.contains(name))
      throw BadArguments(fmt::format("NAME: found {}, expected {}{}", in_quotes(name), one_of(names),
                                     did_you_mean(name, names)));
  }
  prepare_folder(options.out);
  for (const std::string& name : options.names) copy_example(known.at(name), options.out);
  return ExitCode::done;
}

}  // namespace spotmix::cli
