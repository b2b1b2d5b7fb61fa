#include <nlohmann/json.hpp>

#include "reports/baseline/findings.h"
#include "reports/baseline/write.h"
#include "reports/json/step_json.h"
#include "reports/json/warnings_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kComparisonVersion = 1;

Json difference_json(const Difference& difference) {
  const bool known = difference.before && difference.after;
  return {{"mix", difference.mix},
          {"metric", difference.metric},
          {"before", or_null(difference.before)},
          {"after", or_null(difference.after)},
          {"difference", known ? Json(*difference.after - *difference.before) : Json(nullptr)},
          {"interval", or_null(difference.interval)},
          {"random", difference.random},
          {"drift", difference.drift}};
}

Json winner_json(const ResultDifference& winner) {
  return {
      {"changed", winner.winner_changed()},
      {"before", text_or_null(winner.winner_before)},
      {"after", text_or_null(winner.winner_after)},
      {"best_cost_usd",
       {{"before", or_null(winner.best_cost_usd.before)}, {"after", or_null(winner.best_cost_usd.after)}}},
      {"text", winner_text(winner)}};
}

/// What a person reads: each change once, whatever the number of parts and mixes that have it.
Json folded_json(const Folded& line) {
  Json json = difference_json(*line.difference);
  json.erase("mix");
  json.erase("metric");
  json["metrics"] = line.metrics;
  json["mixes"] = line.mixes;
  return json;
}

Json scenario_json(const ScenarioComparison& scenario) {
  Json figures = Json::array();
  for (const Difference& difference : scenario.differences) figures.push_back(difference_json(difference));
  Json folded = Json::array();
  for (const Folded& line : folded_findings(scenario)) folded.push_back(folded_json(line));
  return {{"scenario", scenario.scenario},
          {"drift", drifted(scenario)},
          {"winner", scenario.winner ? winner_json(*scenario.winner) : Json(nullptr)},
          {"paired", scenario.paired},
          {"changes", scenario.changes},
          {"added_mixes", scenario.added},
          {"removed_mixes", scenario.removed},
          {"new_warnings", warnings_json(scenario.new_warnings)},
          {"gone_warnings", warnings_json(scenario.gone_warnings)},
          {"folded", folded},
          {"figures", figures}};
}

}  // namespace

void write_comparison_json(const Comparison& comparison, std::ostream& out) {
  Json scenarios = Json::array();
  for (const ScenarioComparison& scenario : comparison.scenarios)
    scenarios.push_back(scenario_json(scenario));
  write_document({{"comparison_version", kComparisonVersion},
                  {"spotmix_version", comparison.spotmix_version},
                  {"tolerance", comparison.tolerance},
                  {"drift", drifted(comparison)},
                  {"scenarios", scenarios}},
                 out);
}

}  // namespace spotmix::reports
