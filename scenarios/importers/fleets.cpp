#include "scenarios/importers/fleets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/importers/fleet_documents.h"
#include "sim/fleet/mix.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct Strategy {
  const char* theirs;
  sim::Allocation ours;
  const char* difference;  ///< what is not the same, for a warning; nullptr: nothing
};

using enum sim::Allocation;
constexpr std::array<Strategy, 5> kSpotStrategies{
    {{"lowest-price", lowest_price, nullptr},
     {"capacity-optimized", capacity_optimized, nullptr},
     {"capacity-optimized-prioritized", capacity_optimized,
      "the order of instance types breaks no ties between pools of equal capacity"},
     {"price-capacity-optimized", price_capacity_optimized, nullptr},
     {"diversified", diversified, nullptr}}};
constexpr std::array<Strategy, 2> kOnDemandStrategies{
    {{"prioritized", prioritized, nullptr}, {"lowest-price", lowest_price, nullptr}}};

/// "lowestPrice", as the Spot Fleet API writes it → "lowest-price".
std::string with_hyphens(const std::string& name) {
  std::string hyphenated;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isupper(letter) != 0) hyphenated += '-';
    hyphenated += static_cast<char>(std::tolower(letter));
  }
  return hyphenated;
}

/// The names of a list such as "us-west-2a, us-west-2b".
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

class MixReader {
 public:
  MixReader(const std::string& file, const ImportOptions& options) : file_(file), options_(options) {}

  /// The mix, or null where there are problems.
  ordered_json read(const FleetRequest& request) {
    switch (request.kind) {
      case FleetKind::auto_scaling_group:
        read_group(request.path, request.body);
        break;
      case FleetKind::ec2_fleet:
        read_ec2_fleet(request.path, request.body);
        break;
      case FleetKind::spot_fleet:
        read_spot_fleet(request.path, request.body);
        break;
    }
    if (!units_ || !problems.empty()) return {};
    ordered_json mix;
    mix["name"] = request.name.empty() ? default_name(request.kind) : request.name;
    mix["groups"] = groups();
    if (replaces_before_termination_) mix["launch"]["replace_before_termination"] = true;
    if (single_zone_) mix["launch"]["single_zone"] = true;
    return mix;
  }

  Problems problems;
  Problems warnings;

 private:
  static const char* default_name(FleetKind kind) {
    return kind == FleetKind::ec2_fleet    ? "EC2 Fleet"
           : kind == FleetKind::spot_fleet ? "Spot Fleet"
                                           : "Auto Scaling group";
  }

  void add(const std::string& where, std::string message) {
    problems.push_back({file_, where, std::move(message)});
  }

  void warn(const std::string& where, std::string message) {
    warnings.push_back({file_, where, std::move(message)});
  }

  /// One Auto Scaling group, or a MixedInstancesPolicy alone.
  void read_group(const std::string& path, const json& group) {
    const json& policy = group.contains("MixedInstancesPolicy") ? group["MixedInstancesPolicy"] : group;
    const std::string policy_path =
        group.contains("MixedInstancesPolicy") ? key_path(path, "MixedInstancesPolicy") : path;
    if (!policy.is_object() || !policy.contains("LaunchTemplate"))
      return add(policy_path, "found no launch template, expected a MixedInstancesPolicy with one");
    const json& launch = policy["LaunchTemplate"];
    read_overrides(key_path(key_path(policy_path, "LaunchTemplate"), "Overrides"),
                   launch.is_object() ? launch.value("Overrides", json()) : json());
    units_ = units_of(path, group);
    read_zones(path, group);
    read_distribution(key_path(policy_path, "InstancesDistribution"),
                      policy.value("InstancesDistribution", json::object()));
    const json name = group.value("AutoScalingGroupName", json(""));
    if (!name.is_string())
      add(key_path(path, "AutoScalingGroupName"), fmt::format("found {}, expected a name", shown(name)));
    const auto rebalance = truth(group.value("CapacityRebalance", json(false)));
    if (!rebalance)
      return add(key_path(path, "CapacityRebalance"),
                 fmt::format("found {}, expected true or false", shown(group["CapacityRebalance"])));
    replaces_before_termination_ = *rebalance;
  }

  void read_ec2_fleet(const std::string& path, const json& fleet) {
    read_templates(path, fleet);
    const std::string target_path = key_path(path, "TargetCapacitySpecification");
    const json& target = fleet["TargetCapacitySpecification"];
    if (!target.is_object())
      return add(target_path, fmt::format("found {}, expected an object", shown(target)));
    read_units(target_path, target, "TotalTargetCapacity");
    const std::string unit_kind = target.value("DefaultTargetCapacityType", json("on-demand")).dump();
    if (unit_kind == "\"capacity-block\"")
      add(key_path(target_path, "DefaultTargetCapacityType"),
          "found capacity blocks, expected \"spot\" or \"on-demand\"");
    const int total = units_.value_or(0);
    base_ = number_of(target_path, target, "OnDemandTargetCapacity", 0, total);
    const int spot = number_of(target_path, target, "SpotTargetCapacity", 0, total);
    if (unit_kind != "\"spot\"") base_ = target.contains("SpotTargetCapacity") ? total - spot : total;
    percentage_ = 0;
    const std::string spot_path = key_path(path, "SpotOptions");
    const json spot_options = object_in(path, fleet, "SpotOptions");
    spot_ = strategy_of(spot_path, spot_options, "AllocationStrategy", kSpotStrategies, "lowest-price");
    on_demand_ = strategy_of(key_path(path, "OnDemandOptions"), object_in(path, fleet, "OnDemandOptions"),
                             "AllocationStrategy", kOnDemandStrategies, "lowest-price");
    warn_of_pools(spot_path, spot_options, "InstancePoolsToUseCount");
    if (spot_options.contains("MaxTotalPrice"))
      warn(key_path(spot_path, "MaxTotalPrice"),
           "a limit on the price of all instances together is not kept");
    if (truth(spot_options.value("SingleInstanceType", json(false))).value_or(false))
      warn(key_path(spot_path, "SingleInstanceType"), "the mix may hold several instance types at a time");
    single_zone_ = truth(spot_options.value("SingleAvailabilityZone", json(false))).value_or(false);
    const json maintenance = object_in(spot_path, spot_options, "MaintenanceStrategies");
    read_rebalance(key_path(spot_path, "MaintenanceStrategies"), maintenance);
    read_type(path, fleet);
  }

  void read_spot_fleet(const std::string& path, const json& fleet) {
    max_price_ = price_of(path, fleet, "SpotPrice");
    if (fleet.contains("LaunchTemplateConfigs")) read_templates(path, fleet);
    if (fleet.contains("LaunchSpecifications"))
      read_overrides(key_path(path, "LaunchSpecifications"), fleet["LaunchSpecifications"]);
    read_units(path, fleet, "TargetCapacity");
    base_ = number_of(path, fleet, "OnDemandTargetCapacity", 0, units_.value_or(0));
    percentage_ = 0;
    spot_ = strategy_of(path, fleet, "AllocationStrategy", kSpotStrategies, "lowest-price");
    on_demand_ = strategy_of(path, fleet, "OnDemandAllocationStrategy", kOnDemandStrategies, "lowest-price");
    warn_of_pools(path, fleet, "InstancePoolsToUseCount");
    const json kind = fleet.value("TargetCapacityUnitType", json("units"));
    if (kind != "units")
      add(key_path(path, "TargetCapacityUnitType"), fmt::format("found {}, expected \"units\"", shown(kind)));
    read_rebalance(key_path(path, "SpotMaintenanceStrategies"),
                   object_in(path, fleet, "SpotMaintenanceStrategies"));
    read_type(path, fleet);
  }

  json object_in(const std::string& path, const json& parent, const char* key) {
    json value = parent.value(key, json::object());
    if (value.is_object()) return value;
    add(key_path(path, key), fmt::format("found {}, expected an object", shown(value)));
    return json::object();
  }

  void read_templates(const std::string& path, const json& fleet) {
    const json& configs = fleet["LaunchTemplateConfigs"];
    for (std::size_t i = 0; i < configs.size(); ++i) {
      const std::string item = item_path(key_path(path, "LaunchTemplateConfigs"), i);
      read_overrides(key_path(item, "Overrides"),
                     configs[i].is_object() ? configs[i].value("Overrides", json()) : json());
    }
  }

  void read_units(const std::string& path, const json& target, const char* key) {
    units_ = options_.count ? options_.count : whole(target.value(key, json()));
    if (!units_ || *units_ < 1) {
      add(key_path(path, key), fmt::format("found {}, expected at least 1 (or --count)",
                                           target.contains(key) ? shown(target[key]) : "nothing"));
      units_.reset();
    }
  }

  void read_rebalance(const std::string& path, const json& strategies) {
    replaces_before_termination_ =
        object_in(path, strategies, "CapacityRebalance").contains("ReplacementStrategy");
  }

  /// Mixes replace what they lose.
  void read_type(const std::string& path, const json& fleet) {
    const json type = fleet.value("Type", json("maintain"));
    if (type != "maintain")
      warn(key_path(path, "Type"),
           fmt::format("a fleet of type {} launches once; the mix replaces the instances that it loses",
                       shown(type)));
  }

  void warn_of_pools(const std::string& path, const json& options, const char* key) {
    if (spot_ == lowest_price && options.contains(key) && options[key] != 1)
      warn(key_path(path, key),
           "spot instances are not spread over a number of pools: each goes to the cheapest");
  }

  static std::optional<bool> truth(const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value == "true" || value == "false") return value == "true";  // CloudFormation takes texts
    return std::nullopt;
  }

  static std::optional<int> whole(const json& value) {
    if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      return number >= 0 && number <= 100'000 ? std::optional(static_cast<int>(number)) : std::nullopt;
    }
    if (value.is_number()) return whole(fmt::format("{:g}", value.get<double>()));  // 2.0
    if (!value.is_string()) return std::nullopt;  // weights are text in AWS's own answers
    const auto& text = value.get_ref<const std::string&>();
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && number >= 0;
    return whole ? std::optional(number) : std::nullopt;
  }

  std::optional<int> units_of(const std::string& path, const json& group) {
    if (options_.count) return options_.count;
    for (const char* key : {"DesiredCapacity", "MinSize"}) {
      if (!group.contains(key)) continue;
      const auto units = whole(group[key]);
      if (units && *units >= 1) return units;
      add(key_path(path, key), fmt::format("found {}, expected at least 1 (or --count)", shown(group[key])));
      return std::nullopt;
    }
    add(path, "found no DesiredCapacity, expected one, or --count with the number of units");
    return std::nullopt;
  }

  void add_zone(std::string zone) {
    if (std::find(zones_.begin(), zones_.end(), zone) == zones_.end()) zones_.push_back(std::move(zone));
  }

  void read_zones(const std::string& path, const json& group) {
    const json listed = group.value("AvailabilityZones", json::array());
    if (listed.is_object() && listed.contains("Fn::GetAZs")) return;  // all of a region
    if (!listed.is_array())
      return add(key_path(path, "AvailabilityZones"),
                 fmt::format("found {}, expected a list of zones", shown(listed)));
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (listed[i].is_string()) {
        add_zone(listed[i].get<std::string>());
      } else {
        add(item_path(key_path(path, "AvailabilityZones"), i),
            fmt::format("found {}, expected a zone", shown(listed[i])));
      }
    }
  }

  /// An instance type of the request, and the zones that its overrides name.
  struct Type {
    std::string name;
    std::optional<int> weight{};
    double priority = 0;
    std::set<std::string> zones{};
  };

  void read_overrides(const std::string& path, const json& overrides) {
    if (!overrides.is_array() || overrides.empty())
      return add(path, "found no overrides, expected a list of instance types");
    for (std::size_t i = 0; i < overrides.size(); ++i) read_override(item_path(path, i), overrides[i]);
  }

  void read_override(const std::string& path, const json& entry) {
    if (entry.is_object() && entry.contains("InstanceRequirements")) {
      return add(
          key_path(path, "InstanceRequirements"),
          "found a selection by attributes, expected InstanceType: which types it means changes with AWS's "
          "offer");
    }
    const json name = entry.is_object() ? entry.value("InstanceType", json()) : json();
    if (!name.is_string()) {
      return add(key_path(path, "InstanceType"), fmt::format("found {}, expected an instance type",
                                                             name.is_null() ? "nothing" : shown(name)));
    }
    Type type{.name = name.get<std::string>()};
    if (entry.contains("WeightedCapacity")) {
      type.weight = whole(entry["WeightedCapacity"]);
      if (!type.weight || *type.weight < 1 || *type.weight > 999) {
        return add(
            key_path(path, "WeightedCapacity"),
            fmt::format("found {}, expected a whole number from 1 to 999", shown(entry["WeightedCapacity"])));
      }
    }
    if (const json priority = entry.value("Priority", json()); priority.is_number())
      type.priority = priority.get<double>();
    const json placement = entry.value("Placement", json::object());
    for (const json& place : {entry, placement}) {
      const json zone = place.is_object() ? place.value("AvailabilityZone", json()) : json();
      if (!zone.is_string()) continue;
      for (std::string& each : names_in(zone.get_ref<const std::string&>()))
        type.zones.insert(std::move(each));
    }
    for (const char* key : {"MaxPrice", "SpotPrice"}) read_price_of_type(path, entry, key);
    add_type(path, std::move(type));
  }

  /// A type may be listed once for each of its zones.
  void add_type(const std::string& path, Type type) {
    const auto known = std::find_if(types_.begin(), types_.end(),
                                    [&](const Type& other) { return other.name == type.name; });
    if (known == types_.end()) {
      types_.push_back(std::move(type));
      return;
    }
    const bool elsewhere = !type.zones.empty() && !known->zones.empty() &&
                           std::none_of(type.zones.begin(), type.zones.end(),
                                        [&](const std::string& zone) { return known->zones.contains(zone); });
    if (!elsewhere)
      return add(key_path(path, "InstanceType"),
                 fmt::format("found {} a second time, expected each type once", in_quotes(type.name)));
    if (known->weight != type.weight)
      return add(key_path(path, "WeightedCapacity"),
                 fmt::format("found another weight of {} than in its other zones, expected one",
                             in_quotes(type.name)));
    known->zones.merge(type.zones);
  }

  /// A group of a scenario has one maximum price.
  void read_price_of_type(const std::string& path, const json& entry, const char* key) {
    const auto price = price_of(path, entry, key);
    if (!price) return;
    if (max_price_ && price_is_of_type_ && *max_price_ != *price) {
      return add(key_path(path, key),
                 fmt::format("found {}, and {} for another type, expected one maximum price",
                             format_price(*price), format_price(*max_price_)));
    }
    max_price_ = price;
    price_is_of_type_ = true;
  }

  std::optional<HourlyPrice> price_of(const std::string& path, const json& parent, const char* key) {
    const json limit = parent.value(key, json());
    if (limit.is_null() || limit == "") return std::nullopt;
    std::optional<HourlyPrice> price;
    if (limit.is_string()) price = parse_price(limit.get_ref<const std::string&>());
    if (limit.is_number()) price = parse_price(limit.dump());
    if (!price)
      add(key_path(path, key), fmt::format("found {}, expected a price such as \"0.25\"", shown(limit)));
    return price;
  }

  int number_of(const std::string& path, const json& distribution, const char* key, int otherwise, int most) {
    if (!distribution.contains(key)) return otherwise;
    const auto number = whole(distribution[key]);
    if (number && *number <= most) return *number;
    add(key_path(path, key),
        fmt::format("found {}, expected a whole number from 0 to {}", shown(distribution[key]), most));
    return otherwise;
  }

  template <std::size_t N>
  sim::Allocation strategy_of(const std::string& path, const json& distribution, const char* key,
                              const std::array<Strategy, N>& known, const char* otherwise) {
    const std::string name = distribution.contains(key) && distribution[key].is_string()
                                 ? with_hyphens(distribution[key].get<std::string>())
                                 : otherwise;
    std::vector<std::string> names;
    for (const Strategy& strategy : known) {
      names.emplace_back(strategy.theirs);
      if (name != strategy.theirs) continue;
      if (strategy.difference != nullptr) {
        warnings.push_back(
            {file_, key_path(path, key),
             fmt::format("{} is taken as {}: {}", name, name_of(strategy.ours), strategy.difference)});
      }
      return strategy.ours;
    }
    add(key_path(path, key),
        fmt::format("found {}, expected {}{}", in_quotes(name), one_of(names), did_you_mean(name, names)));
    return known.front().ours;
  }

  /// With AWS's defaults for what is not there: all on demand, in the order of the list.
  void read_distribution(const std::string& path, const json& distribution) {
    if (!distribution.is_object())
      return add(path, fmt::format("found {}, expected an object", shown(distribution)));
    base_ = number_of(path, distribution, "OnDemandBaseCapacity", 0, 100'000);
    percentage_ = number_of(path, distribution, "OnDemandPercentageAboveBaseCapacity", 100, 100);
    spot_ = strategy_of(path, distribution, "SpotAllocationStrategy", kSpotStrategies, "lowest-price");
    on_demand_ =
        strategy_of(path, distribution, "OnDemandAllocationStrategy", kOnDemandStrategies, "prioritized");
    warn_of_pools(path, distribution, "SpotInstancePools");
    max_price_ = price_of(path, distribution, "SpotMaxPrice");
  }

  /// In the order of their priorities, the lowest number first, as AWS prefers them.
  ordered_json instances() {
    std::stable_sort(types_.begin(), types_.end(),
                     [](const Type& a, const Type& b) { return a.priority < b.priority; });
    ordered_json instances = ordered_json::array();
    for (const Type& type : types_) {
      ordered_json instance{{"instance", type.name}};
      if (type.weight) instance["weight"] = *type.weight;
      instances.push_back(std::move(instance));
    }
    return instances;
  }

  /// A group of a scenario buys each of its types in each of its zones.
  std::vector<std::string> zones() {
    if (options_.zone) return {*options_.zone};
    for (const Type& type : types_) {
      for (const std::string& zone : type.zones) add_zone(zone);
    }
    for (const Type& type : types_) {
      if (type.zones.empty() || type.zones.size() == zones_.size()) continue;
      warn("", fmt::format("{} is bought in all zones of the request, {}, though it is asked for in {} only",
                           type.name, list_of(zones_), list_of({type.zones.begin(), type.zones.end()})));
    }
    return zones_;
  }

  static ordered_json part(sim::Purchase purchase, int units, sim::Allocation allocation,
                           const ordered_json& instances, const std::vector<std::string>& zones) {
    ordered_json group{{"instances", instances}, {"purchase", name_of(purchase)}, {"count", units}};
    if (!zones.empty()) group["zones"] = zones;
    group["allocation"] = name_of(allocation);
    return group;
  }

  ordered_json groups() {
    const int units = *units_;
    const ordered_json instances = this->instances();
    const std::vector<std::string> zones = this->zones();
    const int on_demand = sim::on_demand_units(units, base_, percentage_);
    ordered_json groups = ordered_json::array();
    // A group of a scenario has one strategy; its on-demand part then goes to the cheapest type.
    if (on_demand > 0 && on_demand < units && on_demand_ == lowest_price) {
      groups.push_back(part(sim::Purchase::spot, units, spot_, instances, zones));
      groups.back()["on_demand_base"] = std::min(base_, units);
      groups.back()["on_demand_percentage"] = percentage_;
    } else {
      if (on_demand > 0)
        groups.push_back(part(sim::Purchase::on_demand, on_demand, on_demand_, instances, zones));
      if (on_demand < units)
        groups.push_back(part(sim::Purchase::spot, units - on_demand, spot_, instances, zones));
    }
    if (max_price_ && groups.back()["purchase"] == name_of(sim::Purchase::spot))
      groups.back()["max_price_usd_per_h"] = to_usd_per_hour(*max_price_);
    return groups;
  }

  const std::string& file_;
  const ImportOptions& options_;
  std::vector<Type> types_;
  std::vector<std::string> zones_;
  std::optional<int> units_;
  int base_ = 0;
  int percentage_ = 100;
  sim::Allocation spot_ = lowest_price;
  sim::Allocation on_demand_ = prioritized;
  std::optional<HourlyPrice> max_price_;
  bool price_is_of_type_ = false;
  bool replaces_before_termination_ = false;
  bool single_zone_ = false;
};

/// Mixes of a scenario have names of their own: "EC2 Fleet", "EC2 Fleet 2".
std::string unused(const std::string& name, const ordered_json& mixes) {
  std::string candidate = name;
  const auto is_used = [&](const ordered_json& mix) { return mix["name"] == candidate; };
  for (int number = 2; std::any_of(mixes.begin(), mixes.end(), is_used); ++number)
    candidate = fmt::format("{} {}", name, number);
  return candidate;
}

std::string summary_of(const ordered_json& mix) {
  std::string text = mix["name"].get<std::string>() + ":";
  for (const ordered_json& group : mix["groups"]) {
    const int count = group["count"].get<int>();
    const int on_demand = group.contains("on_demand_base")
                              ? sim::on_demand_units(count, group["on_demand_base"].get<int>(),
                                                     group["on_demand_percentage"].get<int>())
                              : 0;
    if (on_demand > 0) text += fmt::format(" {} units on_demand,", on_demand);
    text += fmt::format(" {} units {} of {} instance types,", count - on_demand,
                        group["purchase"].get<std::string>(), group["instances"].size());
  }
  text.pop_back();
  return text;
}

}  // namespace

bool is_fleets(const std::string& text) {
  if (text.size() > kScenarioBytesLimit) return false;  // dumps of prices are that long, requests are not
  const json document = json::parse(text, nullptr, false);
  return !document.is_discarded() && !find_fleets(document).kind.empty();
}

Result<Imported> import_fleets(std::span<const ImportedFile> files, const ImportOptions& options) {
  Problems problems;
  Problems warnings;
  Imported imported;
  ordered_json mixes = ordered_json::array();
  for (const ImportedFile& file : files) {
    Result<json> document = parse_json(file.name, file.text);
    append(problems, document.problems);
    if (!document) continue;
    const FleetDocument found = find_fleets(*document.value);
    if (found.requests.empty()) {
      problems.push_back(
          {file.name, "",
           fmt::format("found {} without a fleet that is read, expected an Auto Scaling group with a "
                       "MixedInstancesPolicy, an EC2 Fleet or a Spot Fleet",
                       found.kind.empty() ? "a document" : found.kind)});
    }
    for (const FleetRequest& request : found.requests) {
      MixReader reader(file.name, options);
      ordered_json mix = reader.read(request);
      append(problems, std::move(reader.problems));
      append(warnings, std::move(reader.warnings));
      if (mix.is_null()) continue;
      mix["name"] = unused(mix["name"].get<std::string>(), mixes);
      imported.summary.push_back(summary_of(mix));
      mixes.push_back(std::move(mix));
    }
  }
  if (!problems.empty()) return problems;
  imported.text = ordered_json{{"mixes", mixes}}.dump(2) + "\n";
  Result<Imported> result(std::move(imported));
  result.warnings = std::move(warnings);
  return result;
}

}  // namespace spotmix::scenarios
