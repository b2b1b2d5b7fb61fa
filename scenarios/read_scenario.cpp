#include "scenarios/read_scenario.h"

#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/json/json_text.h"
#include "scenarios/nearest.h"
#include "scenarios/text_values.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

/// An object of the document together with its path.
class Node {
 public:
  Node(const json& value, std::string path, const std::string& file, Problems& problems)
      : value_(&value), path_(std::move(path)), file_(&file), problems_(&problems) {}

  /// The child under `key`; an empty object where there is none or it is no object.
  Node object(const char* key) const {
    static const json empty = json::object();
    const json* child = find(key);
    return {child != nullptr && child->is_object() ? *child : empty, key_path(path_, key), *file_,
            *problems_};
  }

  /// The objects of the list under `key`.
  std::vector<Node> objects(const char* key) const {
    std::vector<Node> nodes;
    const json* list = find(key);
    if (list == nullptr || !list->is_array()) return nodes;
    for (std::size_t i = 0; i < list->size(); ++i) {
      static const json empty = json::object();
      const json& item = (*list)[i];
      nodes.push_back(
          {item.is_object() ? item : empty, item_path(key_path(path_, key), i), *file_, *problems_});
    }
    return nodes;
  }

  std::optional<double> number(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_number()) return std::nullopt;
    return child->get<double>();
  }

  template <class Integer = std::int64_t>
  std::optional<Integer> integer(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_number()) return std::nullopt;
    if (child->is_number_unsigned() && std::is_unsigned_v<Integer>) return child->get<Integer>();
    const double value = child->get<double>();
    const bool fits = value >= -9e15 && value <= 9e15;
    if (!fits) return std::nullopt;
    return static_cast<Integer>(child->is_number_integer() ? child->get<std::int64_t>()
                                                           : static_cast<std::int64_t>(value));
  }

  std::optional<std::string> string(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_string()) return std::nullopt;
    return child->get<std::string>();
  }

  std::optional<bool> boolean(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_boolean()) return std::nullopt;
    return child->get<bool>();
  }

  /// The number under `key`, in units of `unit`; nothing beyond what a Duration holds.
  std::optional<Duration> duration(const char* key, Duration unit) const {
    const auto value = number(key);
    const double nanoseconds = value.value_or(0) * static_cast<double>(unit.count());
    if (!value || !(nanoseconds > -9.2e18 && nanoseconds < 9.2e18)) return std::nullopt;
    return Duration{std::llround(nanoseconds)};
  }

  std::optional<HourlyPrice> price(const char* key) const {
    const auto value = number(key);
    if (!value || !(*value >= 0 && *value <= 1e6)) return std::nullopt;
    return usd_per_hour(*value);
  }

  std::optional<Time> time(const char* key) const {
    const auto text = string(key);
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) {
      problems_->push_back(
          {*file_, key_path(path_, key),
           fmt::format("found {}, expected a time such as \"2023-02-15T22:08:16Z\"", in_quotes(*text))});
    }
    return time;
  }

  /// The strings of the list under `key`, or the one string there.
  std::vector<std::string> strings(const char* key) const {
    std::vector<std::string> texts;
    const json* child = find(key);
    if (child == nullptr) return texts;
    if (child->is_string()) texts.push_back(child->get<std::string>());
    if (!child->is_array()) return texts;
    for (const json& item : *child) texts.push_back(item.is_string() ? item.get<std::string>() : "");
    return texts;
  }

  /// The value that the string under `key` names in `names`.
  template <class Enum, std::size_t N>
  std::optional<Enum> choice(const char* key,
                             const std::array<std::pair<const char*, Enum>, N>& names) const {
    const auto text = string(key);
    for (const auto& [name, value] : names) {
      if (text == name) return value;
    }
    return std::nullopt;
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> names;
    for (const auto& [key, unused] : value_->items()) names.push_back(key);
    return names;
  }

  bool is_string(const char* key) const {
    const json* child = find(key);
    return child != nullptr && child->is_string();
  }

 private:
  const json* find(const char* key) const {
    const auto found = value_->find(key);
    return found == value_->end() ? nullptr : &*found;
  }

  const json* value_;
  std::string path_;
  const std::string* file_;
  Problems* problems_;
};

constexpr double kBytesPerGigabyte = 1e9;
constexpr double kBytesPerMebibyte = 1048576.0;

std::optional<double> gigabytes(const Node& node, const char* key) {
  const auto value = node.number(key);
  return value ? std::optional(*value * kBytesPerGigabyte) : std::nullopt;
}

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

std::optional<StartSpec> read_start(const Node& node) {
  const auto text = node.string("start");
  if (!text) return std::nullopt;
  if (*text == "sampled") return StartSpec{StartSpec::Kind::sampled, Time{0}};
  if (*text == "begin") return StartSpec{StartSpec::Kind::begin, Time{0}};
  const auto time = node.time("start");
  return time ? std::optional(StartSpec{StartSpec::Kind::fixed, *time}) : std::nullopt;
}

BillingSpec read_billing(const Node& node) {
  using sim::SpotPriceRule;
  constexpr std::array<std::pair<const char*, SpotPriceRule>, 2> kRules{
      {{"continuous", SpotPriceRule::continuous}, {"hour_anchored", SpotPriceRule::hour_anchored}}};
  return {node.duration("granularity_s", seconds{1}), node.duration("minimum_s", seconds{1}),
          node.choice("spot_price", kRules), node.boolean("first_hour_free"),
          node.boolean("whole_spot_hours")};
}

InlinePool read_pool(const Node& node) {
  return {node.string("instance").value_or(""), node.string("zone").value_or(""),
          node.price("spot_usd_per_h"), node.price("on_demand_usd_per_h"), node.integer<int>("capacity")};
}

MarketSpec read_market(const Node& node) {
  MarketSpec market;
  market.region = node.string("region").value_or("us-east-1");
  market.regime =
      node.string("regime") == "aws_auction" ? sim::Regime::aws_auction : sim::Regime::aws_smoothed;
  market.start = read_start(node);
  market.start_grid = node.duration("start_grid_s", seconds{1});
  market.start_window = node.duration("start_window_h", hours{1});
  market.prices = node.strings("prices");
  market.capacity = node.strings("capacity");
  market.product = node.string("product");
  market.capacity_when_available = node.integer<int>("capacity_when_available");
  const Node interruptions = node.object("interruptions");
  market.notice = interruptions.duration("notice_s", seconds{1});
  market.price_tolerance = interruptions.price("price_tolerance_usd_per_h");
  market.billing = read_billing(node.object("billing"));
  const Node on_demand = node.object("on_demand_usd_per_h");
  for (const std::string& instance : on_demand.keys()) {
    if (const auto price = on_demand.price(instance.c_str())) market.on_demand[instance] = *price;
  }
  market.on_demand_date = node.time("on_demand_date");
  for (const Node& pool : node.objects("pools")) market.pools.push_back(read_pool(pool));
  return market;
}

GroupSpec read_group(const Node& node) {
  GroupSpec group;
  group.instance = node.string("instance").value_or("");
  group.purchase = node.string("purchase") == "on_demand" ? sim::Purchase::on_demand : sim::Purchase::spot;
  group.zones = node.strings("zones");
  group.count = node.integer<int>("count").value_or(1);
  group.max_price = node.price("max_price_usd_per_h");
  group.allocation = node.string("allocation") == "diversified" ? sim::Allocation::diversified
                                                                : sim::Allocation::lowest_price;
  return group;
}

sim::PolicyKind policy_kind(const std::string& name) {
  using sim::PolicyKind;
  constexpr std::array<std::pair<const char*, PolicyKind>, 12> kPolicies{
      {{"fixed", PolicyKind::fixed},
       {"on_demand_fallback", PolicyKind::on_demand_fallback},
       {"on_demand", PolicyKind::on_demand},
       {"spot_only", PolicyKind::spot_only},
       {"greedy", PolicyKind::greedy},
       {"strawman", PolicyKind::greedy},
       {"rc_threshold", PolicyKind::rc_threshold},
       {"uniform_progress", PolicyKind::uniform_progress},
       {"rc_cr_threshold", PolicyKind::uniform_progress},
       {"pair_amortize", PolicyKind::pair_amortize},
       {"pair_amortize_avg", PolicyKind::pair_amortize_average},
       {"ideal_no_overhead", PolicyKind::ideal_no_overhead}}};
  for (const auto& [known, kind] : kPolicies) {
    if (name == known) return kind;
  }
  return PolicyKind::fixed;
}

PolicySettings read_policy(const Node& mix) {
  PolicySettings policy;
  if (mix.is_string("policy")) {
    policy.kind = policy_kind(*mix.string("policy"));
    return policy;
  }
  const Node node = mix.object("policy");
  policy.kind = policy_kind(node.string("name").value_or("fixed"));
  policy.decision_interval = node.duration("decision_interval_s", seconds{1});
  policy.fallback_wait = node.duration("fallback_wait_s", seconds{1});
  policy.pair_slice = node.duration("pair_slice_h", hours{1});
  policy.guarantee_deadline = node.boolean("guarantee_deadline");
  return policy;
}

CheckpointSettings read_checkpoint(const Node& node) {
  using Kind = sim::CheckpointSpec::Kind;
  constexpr std::array<std::pair<const char*, Kind>, 2> kKinds{
      {{"continuous", Kind::continuous}, {"none", Kind::none}}};
  CheckpointSettings checkpoint;
  checkpoint.kind = node.choice("interval_min", kKinds);
  checkpoint.interval = node.duration("interval_min", minutes{1});
  if (checkpoint.interval) checkpoint.kind = Kind::interval;
  checkpoint.size_bytes = gigabytes(node, "size_gb");
  checkpoint.write_bytes_per_s = gigabytes(node, "write_gb_per_s");
  checkpoint.read_bytes_per_s = gigabytes(node, "read_gb_per_s");
  checkpoint.on_notice = node.boolean("on_notice");
  return checkpoint;
}

MixSpec read_mix(const Node& node) {
  MixSpec mix;
  mix.name = node.string("name").value_or("");
  for (const Node& group : node.objects("groups")) mix.groups.push_back(read_group(group));
  mix.policy = read_policy(node);
  const Node recovery = node.object("recovery");
  mix.checkpoint = read_checkpoint(recovery.object("checkpoint"));
  mix.restart = recovery.duration("restart_s", seconds{1});
  const Node launch = node.object("launch");
  mix.launch = {launch.duration("pending_s", seconds{1}), launch.duration("boot_s", seconds{1}),
                launch.duration("retry_s", seconds{1})};
  return mix;
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
  for (const Node& item : node.objects("thresholds")) {
    scenario.thresholds.push_back(
        {item.string("metric").value_or(""), item.string("mix"), item.number("min"), item.number("max")});
  }
  return scenario;
}

}  // namespace spotmix::scenarios
