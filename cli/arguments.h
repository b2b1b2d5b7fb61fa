// The command line as values: one struct for each verb, checked, with nothing opened yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "base/enums/enums.h"
#include "base/units/money.h"
#include "reports/files/file_formats.h"
#include "scenarios/hazard_fit.h"
#include "scenarios/import.h"
#include "scenarios/new_scenario.h"

namespace spotmix::cli {

enum class Format { table, json, csv };
constexpr auto enum_names(Format) {
  using enum Format;
  return enum_table<Format>({{table, "table"}, {json, "json"}, {csv, "csv"}});
}

/// Which files are written into --out, and how.
struct FileChoice {
  std::vector<const reports::FileFormat*> formats;  ///< none: all
  reports::FileSettings settings;
  bool shared_assets = false;  ///< the page's code once, in the folder "assets" of --out
  std::filesystem::path out;   ///< the folder of --out

  bool includes(const reports::FileFormat& format) const;
};

struct RunOptions {
  std::vector<std::filesystem::path> inputs;  ///< scenario files and folders of them
  std::vector<std::string> settings;          ///< "PATH=VALUE", of every scenario
  Format format = Format::table;
  std::optional<std::filesystem::path> out;
  FileChoice files;
  std::optional<std::filesystem::path> database;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> replications;
  std::optional<std::uint64_t> replay;  ///< whose timeline and bill are written; the first when not given
  std::uint64_t jobs = 0;               ///< 0: one thread per core
  bool per_replication = false;
  bool summary = false;            ///< Says how many scenarios were simulated, also without a terminal.
  bool keep_reproduction = false;  ///< hashes of the inputs, also where no file is written
  bool quiet = false;
  std::string command_line;  ///< all of it, as a POSIX shell takes it
};

struct ValidateOptions {
  std::vector<std::filesystem::path> inputs;
  std::vector<std::string> settings;
  bool quiet = false;
};

struct ExplainOptions {
  std::vector<std::filesystem::path> inputs;
  std::vector<std::string> settings;
  Format format = Format::table;
  std::optional<std::filesystem::path> trace;  ///< a file for the step's timeline, of one scenario
  bool quiet = false;
};

struct ImportOptions {
  std::vector<std::filesystem::path> inputs;
  std::optional<std::filesystem::path> out;  ///< given unless `fit`
  scenarios::ImportOptions settings;
  bool fit = false;  ///< a hazard from the inputs' run lengths instead of a trace file
  scenarios::FitOptions fit_options;
  Format format = Format::table;  ///< of what --fit prints
  bool quiet = false;
};

struct CatalogOptions {
  std::string name_contains;  ///< Empty: all of them.
  bool models = false;        ///< Lists models instead of instance types.
  std::string region = "us-east-1";
  Format format = Format::table;
};

enum class ProfileAction { show, diff, check };
constexpr auto enum_names(ProfileAction) {
  using enum ProfileAction;
  return enum_table<ProfileAction>({{show, "show"}, {diff, "diff"}, {check, "check"}});
}

struct ProfileOptions {
  ProfileAction action = ProfileAction::show;
  std::vector<std::filesystem::path> inputs;
  Format format = Format::table;
  double max_error = 0.08;          ///< Of held-back shapes of measured groups; beyond it `check` fails.
  std::vector<std::string> shapes;  ///< Matrix products to ask for, "MxNxK".
};

struct TraceOptions {
  std::filesystem::path input;
  std::vector<HourlyPrice> max_prices;
  Format format = Format::table;
};

enum class CheckFormat { table, json, junit, markdown };
constexpr auto enum_names(CheckFormat) {
  using enum CheckFormat;
  return enum_table<CheckFormat>(
      {{table, "table"}, {json, "json"}, {junit, "junit"}, {markdown, "markdown"}});
}

struct CheckOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path baseline;
  bool update = false;
  double tolerance = 0.001;  ///< share by which a figure may change
  CheckFormat format = CheckFormat::table;
  std::optional<std::filesystem::path> out;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> replications;
  std::uint64_t jobs = 0;
  bool quiet = false;
};

struct ReportOptions {
  std::filesystem::path input;  ///< a result JSON or a database of results
  Format format = Format::table;
  std::optional<std::uint64_t> run;  ///< of a database; the last when not given
  std::optional<std::filesystem::path> out;
  FileChoice files;
  bool quiet = false;
};

struct NewOptions {
  scenarios::NewScenario scenario;
  std::optional<std::filesystem::path> out;  ///< "-" is standard output; not given: named after the model.
  bool quiet = false;
};

struct ExamplesOptions {
  std::vector<std::string> names;  ///< To copy; none: all are listed.
  std::filesystem::path out = ".";
};

struct DiffOptions {
  std::vector<std::filesystem::path> inputs;  ///< Two results.
  Format format = Format::table;
};

/// What --help and --version print.
struct Text {
  std::string text;
};

using Command = std::variant<Text, RunOptions, ValidateOptions, ExplainOptions, ImportOptions, CatalogOptions,
                             ProfileOptions, TraceOptions, CheckOptions, ReportOptions, NewOptions,
                             ExamplesOptions, DiffOptions>;

/// One line that names the argument, what is wrong with it and the nearest valid one.
class BadArguments : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The program's arguments as one line that a POSIX shell splits into the same words again; the first is
/// "spotmix", wherever the program lies.
std::string shell_text(int argc, const char* const* argv);

Command parse_arguments(int argc, const char* const* argv);

}  // namespace spotmix::cli
