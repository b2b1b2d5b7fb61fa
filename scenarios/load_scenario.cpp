#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/json/schema.h"
#include "base/text/nearest.h"
#include "scenarios/build.h"
#include "scenarios/check_scenario.h"
#include "scenarios/embedded.h"
#include "scenarios/experiment/amount.h"
#include "scenarios/experiment/interruptions.h"
#include "scenarios/experiment/own_types.h"
#include "scenarios/other_files.h"
#include "scenarios/read_scenario.h"
#include "scenarios/scenario.h"
#include "scenarios/settings.h"

namespace spotmix::scenarios {
namespace {

/// Whether `path` is `above` or lies below it.
bool lies_in(const std::string& path, const std::string& above) {
  if (!path.starts_with(above)) return false;
  return path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

/// Where a problem was found: in the values of the file, or by building what the file describes.
enum class Stage : std::uint8_t { values, build };

/// Which starts, zones and rates are possible depends on all of the market and of the mixes.
bool follows_from(const Problem& problem, Stage stage, const Problem& first) {
  if (lies_in(problem.where, first.where) || lies_in(first.where, problem.where)) return true;
  const bool pools_are_broken = first.where == "market" || first.where.starts_with("market.p") ||
                                first.where.starts_with("market.capacity");
  const bool mixes_are_broken = first.where.starts_with("mixes");
  const bool types_are_broken =
      lies_in(first.where, "market.instance_types") || first.where.find(".hardware") != std::string::npos;
  if (types_are_broken && (lies_in(problem.where, "workload") || problem.where.ends_with(".instance")))
    return true;
  const bool is_of_start = stage == Stage::build && problem.where == "market.start";
  if ((pools_are_broken || mixes_are_broken) && is_of_start) return true;
  // How large a checkpoint is follows from the model, whose config may be a file of its own.
  const bool model_is_broken = lies_in(first.where, "workload.model") || first.file != problem.file;
  if (stage == Stage::build && model_is_broken &&
      problem.where.find(".recovery.checkpoint") != std::string::npos)
    return true;
  if (pools_are_broken && problem.where.find(".zones") != std::string::npos) return true;
  return mixes_are_broken && lies_in(problem.where, "workload");
}

/// Adds the problems that are not consequences of one that is known: those whose place a known problem does
/// not already cover.
void append_independent(Problems& known, Problems more, Stage stage) {
  const std::size_t before = known.size();
  for (Problem& problem : more) {
    const bool covered =
        std::any_of(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(before),
                    [&](const Problem& first) { return follows_from(problem, stage, first); });
    if (!covered) known.push_back(std::move(problem));
  }
}

/// Says of each problem with a value that --set gave which setting that is.
Problems with_settings(Problems problems, const std::vector<std::string>& settings) {
  for (Problem& problem : problems) {
    const auto given = std::find_if(settings.rbegin(), settings.rend(), [&](const std::string& setting) {
      return lies_in(problem.where, setting.substr(0, setting.find('=')));
    });
    if (given != settings.rend()) problem.message += fmt::format(" (given by --set {})", in_quotes(*given));
  }
  return problems;
}

}  // namespace

Result<Scenario> parse_scenario(const std::filesystem::path& file, const std::string& text,
                                const Provider& provider, const std::vector<std::string>& settings) {
  Result<nlohmann::json> document = parse_json(file.string(), text);
  if (!document) return document.problems;
  const std::string_view other = other_file(text);
  if (!other.empty() && document.value->is_object() && !document.value->contains("workload"))
    return Problem{file.string(), "", fmt::format("found {}", other)};
  Problems of_settings = set_values(file.string(), settings, *document.value);
  if (!of_settings.empty()) return of_settings;
  static const nlohmann::json kSchema = nlohmann::json::parse(scenario_schema_text());
  Problems problems = check_schema(file.string(), *document.value, kSchema);
  const bool is_scenario = document.value->is_object();
  Problems of_values;
  const Node::Json ordered = is_scenario ? Node::Json(*document.value) : Node::Json::object();
  const std::string name = file.string();
  Scenario scenario = read_scenario(file, Node(ordered, name, of_values));
  scenario.text = text;
  scenario.settings = settings;
  append(of_values, read_advisor(scenario, provider));
  append(of_values, read_own_types(scenario));
  if (auto problem = count_tokens(scenario)) of_values.push_back(*std::move(problem));
  if (is_scenario) append(of_values, check_scenario(scenario));
  append_independent(problems, std::move(of_values), Stage::values);
  if (problems.empty()) return with_advisor_ranges(std::move(scenario));
  if (is_scenario) append_independent(problems, build_experiment(scenario, provider).problems, Stage::build);
  return with_settings(std::move(problems), settings);
}

Result<Scenario> load_scenario(const std::filesystem::path& file, const Provider& provider,
                               const std::vector<std::string>& settings) {
  Result<std::string> text = read_file(file, kScenarioBytesLimit);
  if (!text) return text.problems;
  return parse_scenario(file, *text.value, provider, settings);
}

}  // namespace spotmix::scenarios
