#include "cli/arguments.h"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "cli/argument_parts.h"
#include "cli/version.h"

namespace spotmix::cli {
namespace {

void add_run(CLI::App& app, Verbs& verbs, std::string command_line) {
  CLI::App& verb =
      *app.add_subcommand("run", "Simulate scenarios: time-to-train and dollars per instance mix");
  const auto options = add_verb<RunOptions>(verbs, "run");
  options->command_line = std::move(command_line);
  add_inputs(verb, options->inputs, "Scenario files, or folders of them");
  add_settings(verb, options->settings);
  add_format(verb, options->format, {"table", "json", "csv"});
  add_out(verb, options->out, options->files);
  writes_file(verb.add_option("--db", options->database, "Append the results to this SQLite database"));
  add_number(verb, "--seed", options->seed, 0, kAny, "Of the random numbers, instead of the scenario's");
  add_number(verb, "--replications", options->replications, 1, kMostReplications,
             "How many histories to simulate, instead of the scenario's");
  add_number(verb, "--replay", options->replay, 0, kMostReplications - 1,
             "Which replication timeline.csv and bill.csv tell of (default 0)");
  add_number(verb, "--jobs", options->jobs, 0, kMostJobs,
             "Threads; 0: one per core; results do not depend on it");
  verb.add_flag("--per-replication", options->per_replication,
                "Print each replication too (with --format json or csv)");
  verb.add_flag("--summary", options->summary,
                "Say on standard error how many scenarios were simulated, also without a terminal");
  add_quiet(verb, options->quiet);
}

void add_validate(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand(
      "validate", "Check scenarios and their data, and report every problem and every mix that cannot train");
  const auto options = add_verb<ValidateOptions>(verbs, "validate");
  add_inputs(verb, options->inputs, "Scenario files, or folders of them");
  add_settings(verb, options->settings);
  add_quiet(verb, options->quiet);
}

void add_explain(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("explain", "Show what one training step of each mix is made of");
  const auto options = add_verb<ExplainOptions>(verbs, "explain");
  add_inputs(verb, options->inputs, "Scenario files, or folders of them");
  add_settings(verb, options->settings);
  add_format(verb, options->format, {"table", "json"});
  writes_file(verb.add_option(
      "--trace", options->trace,
      "Also write one step of each mix as a timeline that Perfetto and chrome://tracing open"));
  add_quiet(verb, options->quiet);
}

void add_moment(CLI::App& verb, const std::string& name, std::optional<Time>& moment,
                const std::string& description) {
  verb.add_option_function<std::string>(
          name,
          [&moment, name](const std::string& text) {
            moment = parse_time(text);
            if (moment) return;
            throw BadArguments(
                fmt::format("{}: found {}, expected a time from 1970 to 2199 such as 2023-02-15T22:08:16Z",
                            name, in_quotes(text)));
          },
          description)
      ->type_name("TIME");
}

HourlyPrice price_of(const std::string& option, const std::string& text) {
  const auto price = parse_price(text);
  if (price) return *price;
  throw BadArguments(
      fmt::format("{}: found {}, expected dollars per hour such as 1.25", option, in_quotes(text)));
}

void add_fit(CLI::App& verb, ImportOptions& options) {
  scenarios::FitOptions& fit = options.fit_options;
  CLI::Option* asked =
      verb.add_flag("--fit", options.fit,
                    "Print a hazard estimated from how long instances lived, instead of a trace file");
  add_choice<sim::LifetimeForm>(verb, "--distribution", fit.form, "--fit: this one instead of the best")
      ->needs(asked);
  verb.add_option_function<std::string>(
          "--max-price", [&fit](const std::string& text) { fit.max_price = price_of("--max-price", text); },
          "--fit: instances also end when the price goes above this")
      ->needs(asked)
      ->type_name("USD");
  verb.add_option("--pool", fit.pools,
                  "--fit: only this pool, such as \"p3.2xlarge us-east-1a\"; may be given again")
      ->needs(asked)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("NAME");
  add_format(verb, options.format, {"table", "json"});
  verb.get_option("--format")->needs(asked);
}

void add_count(CLI::App& verb, const char* option, std::optional<int>& value, const char* help) {
  constexpr std::uint64_t kMost = 100'000;
  verb.add_option_function<std::string>(
          option,
          [option, &value](const std::string& text) {
            value = static_cast<int>(whole_number(option, text, 1, kMost));
          },
          help)
      ->type_name("N");
}

void add_import(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand(
      "import", "Make files of our own from price histories, capacity traces and other people's files");
  const auto options = add_verb<ImportOptions>(verbs, "import");
  scenarios::ImportOptions& settings = options->settings;
  add_inputs(verb, options->inputs, "Files of any kind that docs/trace_format.md lists");
  writes_file(verb.add_option("--out", options->out, "The file to write; a name that ends in .gz is packed"));
  verb.add_option("--instance", settings.instance, "Instance type, where the input names none")
      ->type_name("NAME");
  verb.add_option("--zone", settings.zone, "Zone, where the input names none")->type_name("NAME");
  verb.add_option("--product", settings.product, "Keep only this product description")->type_name("NAME");
  add_choice<scenarios::CapacityMeaning>(verb, "--capacity-values", settings.capacity_meaning,
                                         "What the numbers of a capacity file mean");
  add_moment(verb, "--start", settings.start, "When a file begins that names no dates");
  add_moment(verb, "--end", settings.end, "Until when the last value holds");
  verb.add_option("--source", settings.source, "Where the data is from, for the file to say")
      ->type_name("TEXT");
  verb.add_option("--licence", settings.licence, "Under which licence, for the file to say")
      ->type_name("TEXT");
  verb.add_option("--columns", settings.columns,
                  "Columns of a table of prices without a header: zone, instance, product, price, time")
      ->delimiter(',')
      ->type_name("NAME,…");
  verb.add_option("--device", settings.device, "Accelerator, of nccl-tests' output that names none we know")
      ->type_name("NAME");
  verb.add_option("--operation", settings.operation, "Collective, of nccl-tests' output that names none")
      ->type_name("NAME");
  verb.add_option("--topology", settings.topology, "What connects the accelerators: nvswitch, pcie, …")
      ->type_name("NAME");
  add_count(verb, "--ranks", settings.ranks, "Ranks, of nccl-tests' output that lists no devices");
  add_count(verb, "--nodes", settings.nodes, "Nodes that the ranks were on, likewise");
  add_count(verb, "--count", settings.count,
            "Units of an Auto Scaling group, where the input names no capacity");
  add_fit(verb, *options);
  add_quiet(verb, options->quiet);
  verb.final_callback([options] {
    if (!options->out && !options->fit)
      throw BadArguments("import: expected --out FILE, the file to write (or --fit)");
  });
}

void add_catalog(CLI::App& app, Verbs& verbs) {
  CLI::App& verb =
      *app.add_subcommand("catalog", "List the known instance types with their prices, or the known models");
  const auto options = add_verb<CatalogOptions>(verbs, "catalog");
  verb.add_flag("--models", options->models, "List the models that workload.model may name");
  verb.add_option("NAME", options->name_contains, "Only those whose name contains this")->type_name("");
  verb.add_option("--region", options->region, "Region of the prices")
      ->type_name("NAME")
      ->capture_default_str();
  add_format(verb, options->format, {"table", "json", "csv"});
}

void add_profile(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand(
      "profile", "Show a kernel profile, compare two, or check how far one can be trusted");
  const auto options = add_verb<ProfileOptions>(verbs, "profile");
  verb.add_option_function<std::string>(
          "ACTION",
          [options](const std::string& text) {
            options->action = named_value<ProfileAction>("profile", text);
          },
          "show, diff or check")
      ->required()
      ->type_name("");
  verb.add_option("FILE", options->inputs, "One profile, or two for diff")->required()->type_name("");
  add_format(verb, options->format, {"table", "json"});
  verb.add_option("--max-error", options->max_error,
                  "check: median error of held-back shapes beyond which a measured group fails")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  verb.add_option("--shape", options->shapes, "check: a matrix product to ask for, MxNxK[xBATCH][:nt]")
      ->type_name("SHAPE");
}

void add_trace(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("trace", "Show what a trace file says about its pools");
  const auto options = add_verb<TraceOptions>(verbs, "trace");
  verb.require_subcommand(1);
  CLI::App& info = *verb.add_subcommand(
      "info", "Availability, prices, interruptions, run lengths and correlation, weighted by time");
  info.add_option("FILE", options->input, "A trace file, as `spotmix import` writes it")
      ->required()
      ->type_name("");
  info.add_option_function<std::vector<std::string>>(
          "--max-price",
          [options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              options->max_prices.push_back(price_of("--max-price", text));
            }
          },
          "Also under this maximum price per instance and hour; may be given again")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("USD");
  add_format(info, options->format, {"table", "json"});
}

std::vector<std::string> names_of_options(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> names_of(const Verbs& verbs) {
  std::vector<std::string> names;
  for (const auto& [name, command] : verbs) names.push_back(name);
  return names;
}

/// The first argument must be a verb or an option of the program itself.
void check_verb(const Verbs& verbs, int argc, const char* const* argv) {
  if (argc < 2)
    throw BadArguments(fmt::format("expected a verb: {}; see spotmix --help", one_of(names_of(verbs))));
  const std::string first = argv[1];
  if (verbs.contains(first) || first == "--help" || first == "-h" || first == "--version") return;
  throw BadArguments(fmt::format("found {}, expected a verb: {}{}", in_quotes(first), one_of(names_of(verbs)),
                                 did_you_mean(first, names_of(verbs))));
}

/// Other programs' names of an option, where letters alone do not lead to ours.
std::string_view meant_by(std::string_view option, const std::vector<std::string>& names) {
  struct Meaning {
    std::string_view theirs;
    std::string_view ours;
  };
  constexpr std::array<Meaning, 11> kMeanings{{{"--reps", "--replications"},
                                               {"--runs", "--replications"},
                                               {"--trials", "--replications"},
                                               {"--iterations", "--replications"},
                                               {"--threads", "--jobs"},
                                               {"--cores", "--jobs"},
                                               {"--workers", "--jobs"},
                                               {"--output", "--out"},
                                               {"--silent", "--quiet"},
                                               {"--database", "--db"},
                                               {"--config", "--from"}}};
  const auto* found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                   [&](const Meaning& meaning) { return meaning.theirs == option; });
  const bool is_known =
      found != kMeanings.end() && std::find(names.begin(), names.end(), found->ours) != names.end();
  return is_known ? found->ours : option;
}

/// CLI11's own complaint as one line that also names the nearest option.
std::string complaint(const CLI::App& verb, const CLI::ParseError& error) {
  const std::string name = verb.get_parent() == nullptr ? "" : verb.get_name() + ": ";
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> extras = verb.remaining(true);
    const std::string extra = extras.empty() ? "too much" : extras.front();
    const std::string option = extra.substr(0, extra.find('='));
    return fmt::format("{}found {}, which is no option of it{}", name, in_quotes(extra),
                       did_you_mean(meant_by(option, names_of_options(verb)), names_of_options(verb)));
  }
  std::string text = error.what();
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return name + text;
}

}  // namespace

bool FileChoice::includes(const reports::FileFormat& format) const {
  return formats.empty() || std::find(formats.begin(), formats.end(), &format) != formats.end();
}

std::string shell_text(int argc, const char* const* argv) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = i == 0 ? "spotmix" : argv[i];
    if (i > 0) line += ' ';
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

Command parse_arguments(int argc, const char* const* argv) {
  CLI::App app(
      "Which mix of cloud instances trains my model, by when, and for how many dollars, with what odds?",
      "spotmix");
  app.set_version_flag("--version", std::string("spotmix ") + kVersion);
  app.require_subcommand(1);
  Verbs verbs;
  add_run(app, verbs, shell_text(argc, argv));
  add_validate(app, verbs);
  add_explain(app, verbs);
  add_import(app, verbs);
  add_catalog(app, verbs);
  add_profile(app, verbs);
  add_trace(app, verbs);
  add_check(app, verbs);
  add_report(app, verbs);
  add_diff(app, verbs);
  add_new(app, verbs);
  add_examples(app, verbs);

  check_verb(verbs, argc, argv);
  const auto chosen = [&]() -> const CLI::App& {
    const auto parsed = app.get_subcommands();
    return parsed.empty() ? app : *parsed.front();
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Text{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Text{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    throw BadArguments(complaint(chosen(), error));
  }
  return verbs.at(chosen().get_name())();
}

}  // namespace spotmix::cli
