// The command line of the verbs for a first scenario: new and examples.
#include <charconv>

#include "base/text/nearest.h"
#include "cli/argument_parts.h"

namespace spotmix::cli {
namespace {

/// A positive number such as 2e9; nullopt if the text is not one.
std::optional<double> positive_number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value > 0) || value > 1e18) return std::nullopt;
  return value;
}

/// Hours of "72h", "3d", "90min" or "72".
std::optional<double> hours_of(std::string_view text) {
  for (const auto& [unit, hours] : {std::pair{"min", 1 / 60.0}, std::pair{"h", 1.0}, std::pair{"d", 24.0}}) {
    if (!text.ends_with(unit)) continue;
    const auto number = positive_number(text.substr(0, text.size() - std::string_view(unit).size()));
    return number ? std::optional(*number * hours) : std::nullopt;
  }
  return positive_number(text);
}

template <class Read>
void add_amount(CLI::App& verb, const std::string& name, std::optional<double>& value, Read read,
                const char* expected, const char* type, const char* help) {
  verb.add_option_function<std::string>(
          name,
          [name, &value, read, expected](const std::string& text) {
            value = read(text);
            if (!value)
              throw BadArguments(fmt::format("{}: found {}, expected {}", name, in_quotes(text), expected));
          },
          help)
      ->type_name(type);
}

void check_new(const scenarios::NewScenario& scenario) {
  if (scenario.model.has_value() == scenario.huggingface.has_value())
    throw BadArguments(
        fmt::format("new: expected {} of --model and --from", scenario.model ? "only one" : "one"));
  if (scenario.tokens.has_value() == scenario.samples.has_value())
    throw BadArguments(fmt::format("new: expected {} of --tokens and --samples, how much to train",
                                   scenario.tokens ? "only one" : "one"));
}

}  // namespace

void add_new(CLI::App& app, Verbs& verbs) {
  CLI::App& verb = *app.add_subcommand("new", "Write a first scenario for a model, which runs as it stands");
  const auto options = add_verb<NewOptions>(verbs, "new");
  scenarios::NewScenario& scenario = options->scenario;
  verb.add_option("--model", scenario.model, "A model that `spotmix catalog --models` lists")
      ->type_name("NAME");
  verb.add_option("--from", scenario.huggingface, "A Hugging Face config.json, instead of --model")
      ->type_name("FILE");
  add_amount(verb, "--tokens", scenario.tokens, positive_number, "a number above 0 such as 2e9", "N",
             "How many tokens to train, if samples are sequences");
  add_amount(verb, "--samples", scenario.samples, positive_number, "a number above 0 such as 1e8", "N",
             "How many samples to train, instead of --tokens");
  add_amount(verb, "--deadline", scenario.deadline_h, hours_of, "a time such as 72h, 3d or 90min", "TIME",
             "By when training must end");
  add_amount(verb, "--budget", scenario.budget_usd, positive_number, "dollars such as 5000", "USD",
             "What training may cost");
  verb.add_option("--region", scenario.region, "Where instances are bought")
      ->type_name("NAME")
      ->capture_default_str();
  verb.add_option("--saving", scenario.saving, "Share by which spot is assumed to be cheaper than on demand")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 0.95))
      ->capture_default_str();
  writes_file(verb.add_option("--out", options->out, "The file to write, or - (default: the model's name)"));
  add_quiet(verb, options->quiet);
  verb.final_callback([options] { check_new(options->scenario); });
}

void add_examples(CLI::App& app, Verbs& verbs) {
  CLI::App& verb =
      *app.add_subcommand("examples", "List the example scenarios, or copy some with their data");
  const auto options = add_verb<ExamplesOptions>(verbs, "examples");
  verb.add_option("NAME", options->names, "Those to copy; without any, all are listed")->type_name("");
  writes_folder(verb.add_option("--out", options->out, "The folder to copy into")->capture_default_str());
}

}  // namespace spotmix::cli
