#include "reports/json/read_result.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/json/columns.h"
#include "reports/json/kept_json.h"
#include "reports/json/parallelism_json.h"
#include "reports/json/result_json.h"

namespace spotmix::reports {
namespace {

std::optional<double> maybe_number(const Node& node, const std::string& key) {
  const auto found = node.find(key);
  return found ? std::optional(found->number()) : std::nullopt;
}

std::array<double, 2> interval_of(const Node& node) {
  const std::vector<Node> ends = node.items();
  if (ends.size() != 2) node.expected("two numbers");
  return {ends[0].number(), ends[1].number()};
}

std::optional<sim::SampleSummary> summary_of(const Node& mix, const std::string& key) {
  const auto node = mix.find(key);
  if (!node) return std::nullopt;
  sim::SampleSummary summary;
  summary.mean = node->at("mean").number();
  summary.stddev = maybe_number(*node, "stddev");
  summary.p05 = node->at("p05").number();
  summary.p50 = node->at("p50").number();
  summary.p95 = node->at("p95").number();
  if (const auto ci95 = node->find("ci95")) summary.ci95 = interval_of(*ci95);
  return summary;
}

std::optional<sim::Proportion> proportion_of(const Node& mix, const std::string& key) {
  const auto value = maybe_number(mix, key);
  if (!value) return std::nullopt;
  return sim::Proportion{*value, interval_of(mix.at(key + "_ci95"))};
}

sim::CostByPurchase<double> purchases_of(const Node& node) {
  return {node.at("spot").number(),        node.at("on_demand").number(), node.at("reserved").number(),
          node.at("service_fee").number(), node.at("storage").number(),   node.at("transfer").number()};
}

sim::ByCause<double> causes_of(const Node& node) {
  return {node.at("useful").number(),  node.at("lost_work").number(), node.at("checkpoint").number(),
          node.at("startup").number(), node.at("waiting").number(),   node.at("unused_commitment").number()};
}

sim::MixResult mix_of(const Node& node) {
  sim::MixResult mix;
  mix.name = node.at("name").text();
  if (!node.at("feasible").flag()) {
    mix.infeasible_reason = node.at("infeasible_reason").text();
    return mix;
  }
  mix.time_to_train_s = summary_of(node, "time_to_train_s");
  mix.cost_usd = summary_of(node, "cost_usd");
  mix.interruptions = summary_of(node, "interruptions");
  mix.goodput = summary_of(node, "goodput");
  mix.cost_breakdown_usd = purchases_of(node.at("cost_breakdown_usd"));
  mix.cost_by_cause_usd = causes_of(node.at("cost_by_cause_usd"));
  if (const auto views = node.find("reserved_views_usd")) {
    mix.reserved_views_usd =
        sim::ReservedViews{views->at("amortised").number(), views->at("marginal").number()};
  }
  mix.time_by_cause_s = causes_of(node.at("time_by_cause_s"));
  mix.finished = proportion_of(node, "finished_fraction").value_or(sim::Proportion{});
  mix.on_time = proportion_of(node, "on_time_probability");
  mix.within_budget = proportion_of(node, "within_budget_probability");
  mix.on_pareto_front = node.at("on_pareto_front").flag();
  mix.fingerprint = hex_of(node.at("fingerprint"));
  return mix;
}

std::optional<MemoryFigures> memory_of(const Node& step) {
  const auto node = step.find("memory_gib");
  if (!node) return std::nullopt;
  return MemoryFigures{node->at("parameters").number(), node->at("gradients").number(),
                       node->at("optimizer").number(),  node->at("activations").number(),
                       node->at("buffers").number(),    node->at("reserved").number(),
                       node->at("limit").number()};
}

std::optional<StepFigures> step_of(const Node& mix) {
  const auto node = mix.find("step");
  if (!node) return std::nullopt;
  StepFigures step;
  step.time_s = maybe_number(*node, "time_s");
  step.compute_s = maybe_number(*node, "compute_s");
  step.communication_s = maybe_number(*node, "communication_s");
  step.exposed_communication_s = maybe_number(*node, "exposed_communication_s");
  step.bubble_s = maybe_number(*node, "bubble_s");
  step.samples_per_s = maybe_number(*node, "samples_per_s");
  step.memory_per_device_gib = maybe_number(*node, "memory_per_device_gib");
  step.memory = memory_of(*node);
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
  report.batch.seed = node.at("seed").natural();
  report.batch.replications = node.at("replications").natural();
  if (const auto deadline = maybe_number(node, "deadline_s")) report.deadline = from_seconds(*deadline);
  if (const auto budget = maybe_number(node, "budget_usd")) report.budget = from_usd(*budget);
  for (const Node& mix : node.at("mixes").items()) {
    report.batch.mixes.push_back(mix_of(mix));
    report.steps.push_back(step_of(mix));
    report.sources.push_back(sources_of_mix(mix));
  }
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
