#include "reports/json/result_json.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/text/exact.h"
#include "base/text/hex.h"
#include "reports/json/kept_json.h"
#include "reports/json/sources_json.h"
#include "reports/json/step_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json summary_json(const std::optional<sim::SampleSummary>& known) {
  if (!known) return nullptr;
  return {{"mean", known->mean}, {"stddev", or_null(known->stddev)}, {"p05", known->p05}, {"p50", known->p50},
          {"p95", known->p95},   {"ci95", or_null(known->ci95)}};
}

Json purchases_json(const sim::CostByPurchase<double>& cost) {
  return {{"spot", cost.spot},         {"on_demand", cost.on_demand},
          {"reserved", cost.reserved}, {"service_fee", cost.service_fee},
          {"storage", cost.storage},   {"transfer", cost.transfer}};
}

Json causes_json(const sim::ByCause<double>& causes) {
  return {{"useful", causes.useful},         {"lost_work", causes.lost_work},
          {"checkpoint", causes.checkpoint}, {"startup", causes.startup},
          {"waiting", causes.waiting},       {"unused_commitment", causes.unused_commitment}};
}

Json reserved_views_json(const std::optional<sim::ReservedViews>& views) {
  if (!views) return nullptr;
  return {{"amortised", views->amortised}, {"marginal", views->marginal}};
}

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

void set_proportion(Json& json, const std::string& name, const std::optional<sim::Proportion>& known) {
  json[name] = known ? Json(known->value) : Json(nullptr);
  json[name + "_ci95"] = known ? Json(known->ci95) : Json(nullptr);
}

Json mix_json(const Report& report, std::size_t i, bool with_outcomes) {
  const sim::MixResult& mix = report.batch.mixes[i];
  const bool known = feasible(mix);
  const auto if_known = [&](Json value) { return known ? std::move(value) : Json(nullptr); };
  Json json;
  json["name"] = mix.name;
  json["feasible"] = known;
  json["infeasible_reason"] = or_null(mix.infeasible_reason);
  json["time_to_train_s"] = if_known(summary_json(mix.time_to_train_s));
  json["cost_usd"] = if_known(summary_json(mix.cost_usd));
  json["cost_breakdown_usd"] = if_known(purchases_json(mix.cost_breakdown_usd));
  json["cost_by_cause_usd"] = if_known(causes_json(mix.cost_by_cause_usd));
  json["reserved_views_usd"] = reserved_views_json(mix.reserved_views_usd);
  json["time_by_cause_s"] = if_known(causes_json(mix.time_by_cause_s));
  json["interruptions"] = if_known(summary_json(mix.interruptions));
  json["goodput"] = if_known(summary_json(mix.goodput));
  set_proportion(json, "finished_fraction", known ? std::optional(mix.finished) : std::nullopt);
  set_proportion(json, "on_time_probability", known ? mix.on_time : std::nullopt);
  set_proportion(json, "within_budget_probability", known ? mix.within_budget : std::nullopt);
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
  json["seed"] = report.batch.seed;
  json["replications"] = report.batch.replications;
  json["deadline_s"] = report.deadline ? Json(nearest_seconds(*report.deadline)) : Json(nullptr);
  json["budget_usd"] = report.budget ? Json(nearest_usd(*report.budget)) : Json(nullptr);
  json["mixes"] = Json::array();
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    json["mixes"].push_back(mix_json(report, i, with_outcomes));
  }
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
