#include "scenarios/read_scenario.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "scenarios/json/node.h"
#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

constexpr double kBytesPerMebibyte = 1048576.0;

ClusterShape read_cluster(const Node& node) {
  ClusterShape shape;
  for (const std::string& instance : node.keys()) {
    shape[instance] = node.integer<int>(instance.c_str()).value_or(1);
  }
  return shape;
}

WorkloadSpec read_workload(const Node& node) {
  using models::Optimizer;
  constexpr std::array<std::pair<const char*, Optimizer>, 4> kOptimizers{{{"sgd", Optimizer::sgd},
                                                                          {"momentum", Optimizer::momentum},
                                                                          {"adam", Optimizer::adam},
                                                                          {"lamb", Optimizer::lamb}}};
  WorkloadSpec workload;
  workload.model = node.string("model");
  workload.precision = models::precision_from_name(node.string("precision").value_or(""));
  workload.optimizer = node.choice("optimizer", kOptimizers);
  workload.global_batch = node.integer("global_batch");
  workload.batch_per_device = node.integer("batch_per_device");
  workload.image_size = node.integer<int>("image_size");
  workload.sequence_length = node.integer<int>("sequence_length");
  workload.kernel_profiles = node.strings("kernel_profiles");
  workload.proportional_shares = node.string("shares") == "proportional";
  if (const auto gradient_gb = node.number("gradient_gb")) workload.gradient_bytes = *gradient_gb * 1e9;
  workload.samples = node.number("samples");
  workload.steps = node.number("steps");
  workload.epochs = node.number("epochs");
  workload.samples_per_epoch = node.number("samples_per_epoch");
  for (const Node& rate : node.objects("samples_per_s")) {
    workload.given_rates.push_back({read_cluster(rate.object("cluster")),
                                    rate.number("samples_per_s").value_or(0),
                                    rate.string("source").value_or("")});
  }
  return workload;
}

models::Parallelism read_parallelism(const Node& node) {
  using models::PipelineSchedule;
  using models::Recompute;
  using models::Sharding;
  constexpr std::array<std::pair<const char*, PipelineSchedule>, 3> kSchedules{
      {{"gpipe", PipelineSchedule::gpipe},
       {"1f1b", PipelineSchedule::one_forward_one_backward},
       {"interleaved", PipelineSchedule::interleaved}}};
  constexpr std::array<std::pair<const char*, Recompute>, 3> kRecompute{
      {{"none", Recompute::none}, {"selective", Recompute::selective}, {"full", Recompute::full}}};
  constexpr std::array<std::pair<const char*, Sharding>, 4> kSharding{{{"none", Sharding::none},
                                                                       {"optimizer", Sharding::optimizer},
                                                                       {"gradients", Sharding::gradients},
                                                                       {"parameters", Sharding::parameters}}};
  models::Parallelism parallelism;
  parallelism.data = node.integer<int>("data").value_or(0);
  parallelism.tensor = node.integer<int>("tensor").value_or(parallelism.tensor);
  parallelism.pipeline = node.integer<int>("pipeline").value_or(parallelism.pipeline);
  parallelism.micro_batch = node.integer<int>("micro_batch").value_or(parallelism.micro_batch);
  parallelism.chunks = node.integer<int>("chunks").value_or(parallelism.chunks);
  parallelism.schedule = node.choice("schedule", kSchedules).value_or(parallelism.schedule);
  parallelism.recompute = node.choice("recompute", kRecompute).value_or(parallelism.recompute);
  parallelism.sharding = node.choice("sharding", kSharding).value_or(parallelism.sharding);
  parallelism.sequence_parallel = node.boolean("sequence_parallel").value_or(parallelism.sequence_parallel);
  const Node sync = node.object("gradient_sync");
  parallelism.overlap = sync.boolean("overlap").value_or(parallelism.overlap);
  if (const auto bucket = sync.number("bucket_mib")) parallelism.bucket_bytes = *bucket * kBytesPerMebibyte;
  return parallelism;
}

/// "cost_usd.p95", or "MIX/cost_usd.p95" for one mix, and one comparison such as "< 500".
std::optional<Threshold> read_threshold(const std::string& key, const std::string& comparison) {
  Threshold threshold;
  const std::size_t slash = key.rfind('/');
  if (slash != std::string::npos) threshold.mix = key.substr(0, slash);
  threshold.metric = slash == std::string::npos ? key : key.substr(slash + 1);
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
    for (const std::string& comparison : node.strings(key.c_str())) {
      auto threshold = read_threshold(key, comparison);
      if (!threshold) continue;
      threshold->path = key_path(node.path(), key);
      thresholds.push_back(*std::move(threshold));
    }
  }
  return thresholds;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, const json& document, Problems& problems) {
  const std::string file_name = file.string();
  static const json empty = json::object();
  const Node node(document.is_object() ? document : empty, "", file_name, problems);
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
  const MarketSpec& market = scenario.market;
  const bool traced = !market.prices.empty() || !market.capacity.empty();
  const bool sampled = market.start ? market.start->kind == StartSpec::Kind::sampled : traced;
  scenario.replications = node.integer<std::uint64_t>("replications").value_or(sampled ? 1000 : 1);
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
