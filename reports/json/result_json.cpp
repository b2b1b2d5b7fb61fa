#include "reports/json/result_json.h"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/exact.h"
#include "base/text/hex.h"
#include "reports/json/figure_json.h"
#include "reports/json/kept_json.h"
#include "reports/json/step_json.h"
#include "reports/json/warnings_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

/// The double nearest to the float's shortest decimal, so that 0.9F prints as 0.9.
double widened(float value) {
  return std::strtod(fmt::format("{}", value).c_str(), nullptr);
}

Json outcomes_json(const std::vector<sim::ReplicationOutcome>& outcomes) {
  Json list = Json::array();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const sim::ReplicationOutcome& outcome = outcomes[i];
    const Json time = outcome.finished() ? Json(nearest_seconds(outcome.time_to_train)) : Json(nullptr);
    list.push_back({{"replication", i},
                    {"time_to_train_s", time},
                    {"cost_usd", nearest_usd(outcome.cost)},
                    {"interruptions", outcome.interruptions},
                    {"goodput", widened(outcome.goodput)},
                    {"fingerprint", hex_text(outcome.fingerprint)}});
  }
  return list;
}

Json mix_json(const Report& report, std::size_t i, bool with_outcomes) {
  const sim::MixResult& mix = report.batch.mixes[i];
  const bool known = feasible(mix);
  Json json;
  json["name"] = mix.name;
  if (report.references.contains(i)) json["reference"] = true;
  json["feasible"] = known;
  json["infeasible_reason"] = or_null(mix.infeasible_reason);
  json["replications"] = known ? Json(mix.simulated) : Json(nullptr);
  if (report.uninterrupted.contains(i)) json["interruptions_modeled"] = false;
  set_figures(json, false, mix, report.steps.at(i).value_or(StepFigures{}));
  json["on_pareto_front"] = known && mix.on_pareto_front;
  json["step"] = step_json(report.steps.at(i));
  json["sources"] = sources_json(sources_of(report, i));
  json["fingerprint"] = known ? Json(hex_text(mix.fingerprint)) : Json(nullptr);
  if (with_outcomes) json["outcomes"] = outcomes_json(mix.replications);
  return json;
}

Json threshold_json(const ThresholdResult& result) {
  return {{"mix", result.mix},
          {"metric", result.metric},
          {"min", or_null(result.min)},
          {"max", or_null(result.max)},
          {"excludes_limit", result.excludes_limit},
          {"value", or_null(result.value)},
          {"met", result.met}};
}

Json report_json(const Report& report, bool with_outcomes) {
  Json json;
  json["schema_version"] = kResultSchemaVersion;
  json["spotmix_version"] = report.spotmix_version;
  json["scenario"] = report.scenario;
  json["description"] = report.description;
  if (!report.settings.empty()) json["settings"] = report.settings;
  json["seed"] = report.batch.seed;
  json["replications"] = report.batch.replications;
  json["deadline_s"] = report.deadline ? Json(nearest_seconds(*report.deadline)) : Json(nullptr);
  json["budget_usd"] = report.budget ? Json(nearest_usd(*report.budget)) : Json(nullptr);
  json["mixes"] = Json::array();
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    json["mixes"].push_back(mix_json(report, i, with_outcomes));
  }
  json["warnings"] = warnings_json(report.warnings);
  json["thresholds"] = Json::array();
  for (const ThresholdResult& result : report.thresholds)
    json["thresholds"].push_back(threshold_json(result));
  return json;
}

}  // namespace

void write_result_json(const Report& report, bool with_outcomes, std::ostream& out) {
  write_document(report_json(report, with_outcomes), out);
}

void write_whole_result_json(const Report& report, std::ostream& out) {
  Json json = report_json(report, false);
  json["kept"] = kept_json(report);
  write_document(json, out);
}

void write_results_json(std::string_view spotmix_version, const std::vector<const Report*>& reports,
                        bool with_outcomes, std::ostream& out) {
  Json json;
  json["schema_version"] = kResultSchemaVersion;
  json["spotmix_version"] = spotmix_version;
  json["results"] = Json::array();
  for (const Report* report : reports) json["results"].push_back(report_json(*report, with_outcomes));
  write_document(json, out);
}

}  // namespace spotmix::reports
