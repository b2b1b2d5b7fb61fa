#include "scenarios/read_scenario.h"

#include <nlohmann/json.hpp>

#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

constexpr std::string_view kOfBest = "best.";

/// "cost_usd.p95", "MIX/cost_usd.p95" for one mix, or "best.cost_usd.p95" for the verdict's, and one
/// comparison such as "< 500".
std::optional<Threshold> read_threshold(const std::string& key, const std::string& comparison) {
  Threshold threshold;
  const std::size_t slash = key.rfind('/');
  if (slash != std::string::npos) threshold.mix = key.substr(0, slash);
  threshold.metric = slash == std::string::npos ? key : key.substr(slash + 1);
  threshold.of_best = !threshold.mix && threshold.metric.starts_with(kOfBest);
  if (threshold.of_best) threshold.metric.erase(0, kOfBest.size());
  const std::size_t digits = comparison.find_first_not_of("<>= ");
  if (digits == std::string::npos || digits == 0) return std::nullopt;
  const json limit = json::parse(comparison.substr(digits), nullptr, false);
  if (!limit.is_number()) return std::nullopt;
  (comparison[0] == '<' ? threshold.max : threshold.min) = limit.get<double>();
  threshold.excludes_limit = comparison[1] != '=';
  return threshold;
}

std::vector<Threshold> read_thresholds(const Node& node) {
  std::vector<Threshold> thresholds;
  for (const std::string& key : node.keys()) {
    const Node with_exceptions = node.object(key);
    for (const std::string& comparison :
         with_exceptions.has("limits") ? with_exceptions.strings("limits") : node.strings(key)) {
      auto threshold = read_threshold(key, comparison);
      if (!threshold) continue;
      threshold->path = key_path(node.path(), key);
      threshold->except = with_exceptions.strings("except");
      thresholds.push_back(*std::move(threshold));
    }
  }
  return thresholds;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, const Node& node) {
  Scenario scenario;
  scenario.file = file;
  scenario.name = node.string("name").value_or("");
  scenario.description = node.string("description").value_or("");
  scenario.workload = read_workload(node.object("workload"));
  if (!node.is_string("parallelism") && !node.object("parallelism").keys().empty()) {
    scenario.parallelism = read_parallelism(node.object("parallelism"));
  }
  scenario.market = read_market(node.object("market"));
  for (const Node& mix : node.objects("mixes")) scenario.mixes.push_back(read_mix(mix));
  scenario.replications = node.integer<std::uint64_t>("replications").value_or(scenario.replications);
  scenario.seed = node.integer<std::uint64_t>("seed").value_or(1);
  scenario.deadline = node.duration("deadline_h", hours{1});
  scenario.deadline_at = node.time("deadline");
  if (const auto budget = node.number("budget_usd"); budget && *budget > 0 && *budget <= 9e9) {
    scenario.budget = from_usd(*budget);
  }
  scenario.horizon = node.duration("horizon_h", hours{1});
  scenario.complete_on_decision = node.boolean("complete_on_decision").value_or(false);
  scenario.thresholds = read_thresholds(node.object("thresholds"));
  return scenario;
}

}  // namespace spotmix::scenarios
