#include "reports/json/read_result.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/json/columns.h"
#include "reports/json/figure_json.h"
#include "reports/json/kept_json.h"
#include "reports/json/parallelism_json.h"
#include "reports/json/result_json.h"
#include "reports/json/warnings_json.h"

namespace spotmix::reports {
namespace {

std::optional<double> maybe_number(const Node& node, const std::string& key) {
  const auto found = node.find(key);
  return found ? std::optional(found->number()) : std::nullopt;
}

/// Figures that belong to the step but are written outside its object go into `step`, if there is one.
sim::MixResult mix_of(const Node& node, std::optional<StepFigures>& step) {
  sim::MixResult mix;
  mix.name = node.at("name").text();
  if (!node.at("feasible").flag()) {
    mix.infeasible_reason = node.at("infeasible_reason").text();
    return mix;
  }
  StepFigures none;
  read_figures(node, false, mix, step ? *step : none);
  if (const auto simulated = node.find("replications")) mix.simulated = simulated->natural();
  mix.on_pareto_front = node.at("on_pareto_front").flag();
  mix.fingerprint = hex_of(node.at("fingerprint"));
  return mix;
}

StepErrorFigures error_of(const Node& node) {
  StepErrorFigures error{node.at("sigma").number(), {}};
  for (const auto& [source, share] : node.at("by_cause").members())
    error.by_cause.emplace_back(source, share.number());
  return error;
}

std::optional<StepFigures> step_of(const Node& mix) {
  const auto node = mix.find("step");
  if (!node) return std::nullopt;
  StepFigures step;
  sim::MixResult none;
  read_figures(*node, true, none, step);
  if (const auto error = node->find("error")) step.error = error_of(*error);
  if (const auto divided = node->find("parallelism")) step.parallelism = read_parallelism(*divided);
  return step;
}

std::vector<models::Source> sources_of_mix(const Node& mix) {
  std::vector<models::Source> sources;
  for (const Node& node : mix.at("sources").items()) {
    const auto kind = parse_enum<models::SourceKind>(node.at("kind").text());
    if (!kind) node.at("kind").expected("a kind of source");
    sources.push_back({node.at("figure").text(), *kind, node.at("from").text(), node.at("citation").text(),
                       maybe_number(node, "median_error")});
  }
  return sources;
}

ThresholdResult threshold_of(const Node& node) {
  ThresholdResult result;
  result.mix = node.at("mix").text();
  result.metric = node.at("metric").text();
  result.min = maybe_number(node, "min");
  result.max = maybe_number(node, "max");
  result.value = maybe_number(node, "value");
  result.met = node.at("met").flag();
  result.excludes_limit = node.at("excludes_limit").flag();
  return result;
}

void require_version(const Node& node) {
  const std::uint64_t version = node.at("schema_version").natural();
  if (version != kResultSchemaVersion) {
    node.at("schema_version").fail(fmt::format("found {}, expected {}", version, kResultSchemaVersion));
  }
}

Report report_of(const Node& node) {
  require_version(node);
  Report report;
  report.spotmix_version = node.at("spotmix_version").text();
  report.scenario = node.at("scenario").text();
  report.description = node.at("description").text();
  if (const auto settings = node.find("settings")) {
    for (const Node& setting : settings->items()) report.settings.push_back(setting.text());
  }
  report.batch.seed = node.at("seed").natural();
  report.batch.replications = node.at("replications").natural();
  if (const auto deadline = maybe_number(node, "deadline_s")) report.deadline = from_seconds(*deadline);
  if (const auto budget = maybe_number(node, "budget_usd")) report.budget = from_usd(*budget);
  for (const Node& mix : node.at("mixes").items()) {
    const auto reference = mix.find("reference");
    if (reference && reference->flag()) report.references.insert(report.batch.mixes.size());
    const auto modeled = mix.find("interruptions_modeled");
    if (modeled && !modeled->flag()) report.uninterrupted.insert(report.batch.mixes.size());
    report.steps.push_back(step_of(mix));
    report.batch.mixes.push_back(mix_of(mix, report.steps.back()));
    report.sources.push_back(sources_of_mix(mix));
  }
  if (const auto warnings = node.find("warnings")) report.warnings = read_warnings(*warnings);
  for (const Node& threshold : node.at("thresholds").items())
    report.thresholds.push_back(threshold_of(threshold));
  if (const auto kept = node.find("kept")) read_kept(*kept, report);
  return report;
}

}  // namespace

std::vector<Report> read_results(const std::string& text) {
  const Node::Json document = parse_document(text);
  const Node node(document);
  const auto several = node.find("results");
  if (!several) return {report_of(node)};
  require_version(node);
  std::vector<Report> reports;
  for (const Node& result : several->items()) reports.push_back(report_of(result));
  return reports;
}

}  // namespace spotmix::reports
