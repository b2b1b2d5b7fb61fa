// Options that several verbs share, and the verbs that have files of their own. For the .cpp files of this
// folder that read the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/enums/enums.h"
#include "cli/arguments.h"

namespace spotmix::cli {

inline constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kMostReplications = 1'000'000'000;
inline constexpr std::uint64_t kMostJobs = 1024;

using Verbs = std::map<std::string, std::function<Command()>>;

/// Options live in a shared value, which CLI11 fills while it parses.
template <class Options>
std::shared_ptr<Options> add_verb(Verbs& verbs, const std::string& name) {
  auto options = std::make_shared<Options>();
  verbs[name] = [options] { return *options; };
  return options;
}

/// Throws BadArguments unless the text is one of those allowed.
void require_one_of(const std::string& option, const std::string& text,
                    const std::vector<std::string>& allowed);

/// The value that the text names; throws BadArguments if it names none.
template <NamedEnum Enum>
Enum named_value(const std::string& option, const std::string& text) {
  require_one_of(option, text, names_of<Enum>());
  return *parse_enum<Enum>(text);
}

/// An option that takes one of the enum's names.
template <NamedEnum Enum, class Value>
CLI::Option* add_choice(CLI::App& verb, const std::string& name, Value& value,
                        const std::string& description) {
  return verb
      .add_option_function<std::string>(
          name, [&value, name](const std::string& text) { value = named_value<Enum>(name, text); },
          description)
      ->type_name(fmt::format("{}", fmt::join(names_of<Enum>(), "|")));
}

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most);

template <class Number>
void add_number(CLI::App& verb, const std::string& name, Number& number, std::uint64_t least,
                std::uint64_t most, const std::string& description) {
  verb.add_option_function<std::string>(
          name,
          [&number, name, least, most](const std::string& text) {
            number = whole_number(name, text, least, most);
          },
          description)
      ->type_name("N");
}

/// The option names a folder to write into, or a file to write: what is there already must not be the other.
CLI::Option* writes_folder(CLI::Option* option);
CLI::Option* writes_file(CLI::Option* option);

void add_format(CLI::App& verb, Format& format, const std::vector<std::string>& allowed);
void add_quiet(CLI::App& verb, bool& quiet);
void add_inputs(CLI::App& verb, std::vector<std::filesystem::path>& inputs, const std::string& description);
/// --set PATH=VALUE, which may be given again.
void add_settings(CLI::App& verb, std::vector<std::string>& settings);

/// --out, --formats and the settings of single formats.
void add_out(CLI::App& verb, std::optional<std::filesystem::path>& out, FileChoice& files);

void add_check(CLI::App& app, Verbs& verbs);
void add_report(CLI::App& app, Verbs& verbs);
void add_diff(CLI::App& app, Verbs& verbs);
void add_new(CLI::App& app, Verbs& verbs);
void add_examples(CLI::App& app, Verbs& verbs);

}  // namespace spotmix::cli
