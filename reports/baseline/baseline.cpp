#include "reports/baseline/baseline.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/node.h"
#include "reports/json/outcomes.h"
#include "reports/json/warnings_json.h"
#include "reports/results/figures.h"
#include "reports/results/verdict.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kVersion = 1;

Json mix_json(const BaselineMix& mix) {
  Json metrics = Json::object();
  for (const auto& [name, value] : mix.metrics) metrics[name] = value ? Json(*value) : Json(nullptr);
  return {{"name", mix.name},
          {"feasible", mix.feasible},
          {"metrics", metrics},
          {"replications", packed_outcomes(mix.replications)}};
}

BaselineMix mix_of(const Node& node) {
  BaselineMix mix;
  mix.name = node.at("name").text();
  mix.feasible = node.at("feasible").flag();
  for (const auto& [name, value] : node.at("metrics").members()) {
    mix.metrics.emplace_back(name, value.is_null() ? std::nullopt : std::optional(value.number()));
  }
  mix.replications = unpacked_outcomes(node.at("replications"));
  return mix;
}

Json scenario_json(const BaselineScenario& scenario) {
  Json inputs = Json::array();
  for (const Input& input : scenario.inputs) {
    inputs.push_back({{"role", input.role}, {"name", input.name}, {"sha256", input.sha256}});
  }
  Json mixes = Json::array();
  for (const BaselineMix& mix : scenario.mixes) mixes.push_back(mix_json(mix));
  return {{"name", scenario.name},
          {"spotmix_version", scenario.spotmix_version},
          {"seed", scenario.seed},
          {"deadline_ns", scenario.deadline ? Json(scenario.deadline->count()) : Json(nullptr)},
          {"budget_nano_usd", scenario.budget ? Json(scenario.budget->nano_usd) : Json(nullptr)},
          {"inputs", inputs},
          {"winner", scenario.winner ? Json(*scenario.winner) : Json(nullptr)},
          {"warnings", scenario.warnings ? warnings_json(*scenario.warnings) : Json(nullptr)},
          {"mixes", mixes}};
}

BaselineScenario scenario_of(const Node& node) {
  BaselineScenario scenario;
  scenario.name = node.at("name").text();
  scenario.spotmix_version = node.at("spotmix_version").text();
  scenario.seed = node.at("seed").natural();
  if (const auto deadline = node.find("deadline_ns")) scenario.deadline = Duration{deadline->integer()};
  if (const auto budget = node.find("budget_nano_usd")) scenario.budget = Money{budget->integer()};
  for (const Node& input : node.at("inputs").items()) {
    scenario.inputs.push_back({input.at("role").text(), input.at("name").text(), input.at("sha256").text()});
  }
  if (const auto warnings = node.find("warnings")) scenario.warnings = read_warnings(*warnings);
  if (const auto winner = node.find("winner")) scenario.winner = winner->text();
  for (const Node& mix : node.at("mixes").items()) scenario.mixes.push_back(mix_of(mix));
  return scenario;
}

Baseline baseline_from(const std::string& text) {
  const Json document = parse_document(text);
  const Node node(document);
  const std::uint64_t version = node.at("baseline_version").natural();
  if (version != kVersion) {
    node.at("baseline_version")
        .fail(fmt::format("found {}, expected {}; --update records it anew", version, kVersion));
  }
  Baseline baseline;
  for (const Node& scenario : node.at("scenarios").items())
    baseline.scenarios.push_back(scenario_of(scenario));
  return baseline;
}

}  // namespace

std::size_t BaselineScenario::replications() const {
  std::size_t most = 0;
  for (const BaselineMix& mix : mixes) most = std::max(most, mix.replications.size());
  return most;
}

BaselineScenario baseline_of(const Report& report) {
  BaselineScenario scenario;
  scenario.name = report.scenario;
  scenario.spotmix_version = report.spotmix_version;
  scenario.seed = report.batch.seed;
  scenario.deadline = report.deadline;
  scenario.budget = report.budget;
  const Verdict verdict = verdict_of(report);
  scenario.winner = verdict.best ? report.batch.mixes[*verdict.best].name : "";
  scenario.warnings = report.warnings;
  if (report.reproduction) scenario.inputs = report.reproduction->inputs;
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const sim::MixResult& mix = report.batch.mixes[i];
    BaselineMix kept{mix.name, feasible(mix), {}, mix.replications};
    for (const Metric& metric : metrics()) {
      kept.metrics.emplace_back(metric.name, metric.value(mix, report.steps.at(i)));
    }
    scenario.mixes.push_back(std::move(kept));
  }
  return scenario;
}

void write_baseline(const Baseline& baseline, std::ostream& out) {
  Json scenarios = Json::array();
  for (const BaselineScenario& scenario : baseline.scenarios) scenarios.push_back(scenario_json(scenario));
  const Json document = {{"baseline_version", kVersion}, {"scenarios", scenarios}};
  out << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
}

Baseline read_baseline(const std::filesystem::path& file) {
  const Result<std::string> text = read_bytes(file);
  if (!text) throw BadBaseline(to_line(text.problems.front()) + "; --update records a baseline");
  try {
    return baseline_from(*text.value);
  } catch (const BadDocument& error) {
    throw BadBaseline(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace spotmix::reports
