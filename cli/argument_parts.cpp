#include "cli/argument_parts.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "base/text/nearest.h"

namespace spotmix::cli {
namespace {

Format format_of(const std::string& text, const std::vector<std::string>& allowed) {
  require_one_of("--format", text, allowed);
  return *parse_enum<Format>(text);
}

const reports::FileFormat* file_format_of(const std::string& text) {
  const reports::FileFormat* format = reports::find_file_format(text);
  if (format == nullptr) require_one_of("--formats", text, reports::file_format_names());
  return format;
}

bool assets_are_shared(const std::string& text) {
  require_one_of("--assets", text, {"inline", "dir"});
  return text == "dir";
}

}  // namespace

void require_one_of(const std::string& option, const std::string& text,
                    const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return;
  throw BadArguments(fmt::format("{}: found {}, expected {}{}", option, in_quotes(text), one_of(allowed),
                                 did_you_mean(text, allowed)));
}

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stop == end && value >= least && value <= most) return value;
  const std::string range =
      most == kAny ? fmt::format("from {}", least) : fmt::format("from {} to {}", least, most);
  throw BadArguments(fmt::format("{}: found {}, expected a whole number {}", option, in_quotes(text), range));
}

CLI::Option* writes_folder(CLI::Option* option) {
  return option->type_name("DIR")->each([name = option->get_name()](const std::string& text) {
    std::error_code ignored;
    if (std::filesystem::exists(text, ignored) && !std::filesystem::is_directory(text, ignored))
      throw BadArguments(fmt::format("{}: {} is a file, expected a folder", name, text));
  });
}

CLI::Option* writes_file(CLI::Option* option) {
  return option->type_name("FILE")->each([name = option->get_name()](const std::string& text) {
    std::error_code ignored;
    if (std::filesystem::is_directory(text, ignored))
      throw BadArguments(fmt::format("{}: {} is a folder, expected a file", name, text));
  });
}

void add_format(CLI::App& verb, Format& format, const std::vector<std::string>& allowed) {
  verb.add_option_function<std::string>(
          "--format", [&format, allowed](const std::string& text) { format = format_of(text, allowed); },
          "What standard output shows")
      ->type_name(fmt::format("{}", fmt::join(allowed, "|")));
}

void add_quiet(CLI::App& verb, bool& quiet) {
  verb.add_flag("--quiet", quiet, "No progress and no warnings on standard error");
}

void add_inputs(CLI::App& verb, std::vector<std::filesystem::path>& inputs, const std::string& description) {
  verb.add_option("INPUT", inputs, description)->required()->type_name("");
}

void add_settings(CLI::App& verb, std::vector<std::string>& settings) {
  verb.add_option("--set", settings,
                  "Change a value of each scenario, such as mixes[0].groups[0].count=4; may be given again")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("PATH=VALUE")
      ->each([](const std::string& text) {
        if (text.find('=') != std::string::npos && text.front() != '=') return;
        throw BadArguments(fmt::format("--set: found {}, expected PATH=VALUE", in_quotes(text)));
      });
}

/// The folder of files, and which files are written into it.
void add_out(CLI::App& verb, std::optional<std::filesystem::path>& out, FileChoice& files) {
  CLI::Option* folder = writes_folder(verb.add_option("--out", out, "Also write reports into this folder"));
  verb.add_option_function<std::vector<std::string>>(
          "--formats",
          [&files](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) files.formats.push_back(file_format_of(text));
          },
          "Which files --out writes, separated by commas; all when not given")
      ->delimiter(',')
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(fmt::format("{}", fmt::join(reports::file_format_names(), ",")))
      ->needs(folder);
  add_choice<reports::FocusVersion>(verb, "--focus", files.settings.focus,
                                    "Which version of FOCUS focus.csv follows (default 1.2)")
      ->needs(folder);
  verb.add_option_function<std::string>(
          "--assets", [&files](const std::string& text) { files.shared_assets = assets_are_shared(text); },
          "Code and style of HTML reports: in each, or once for all in DIR/assets (default inline)")
      ->type_name("inline|dir")
      ->needs(folder);
  verb.parse_complete_callback([&out, &files] { files.out = out.value_or(""); });
}

}  // namespace spotmix::cli
