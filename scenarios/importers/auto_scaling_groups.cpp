#include "scenarios/importers/auto_scaling_groups.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
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

class GroupReader {
 public:
  GroupReader(const std::string& file, const ImportOptions& options) : file_(file), options_(options) {}

  /// One Auto Scaling group, or a MixedInstancesPolicy alone.
  ordered_json read(const std::string& path, const json& group) {
    const json& policy = group.contains("MixedInstancesPolicy") ? group["MixedInstancesPolicy"] : group;
    const std::string policy_path =
        group.contains("MixedInstancesPolicy") ? key_path(path, "MixedInstancesPolicy") : path;
    if (!policy.is_object() || !policy.contains("LaunchTemplate")) {
      add(policy_path, "found no launch template, expected a MixedInstancesPolicy with one");
      return {};
    }
    const ordered_json instances = read_overrides(
        key_path(key_path(policy_path, "LaunchTemplate"), "Overrides"), policy["LaunchTemplate"]);
    const auto units = units_of(path, group);
    const std::vector<std::string> zones = zones_of(path, group);
    const json distribution = policy.value("InstancesDistribution", json::object());
    read_distribution(key_path(policy_path, "InstancesDistribution"), distribution);
    const json name = group.value("AutoScalingGroupName", json("Auto Scaling group"));
    if (!name.is_string()) unexpected(path, "AutoScalingGroupName", name, "a name");
    const json rebalance = group.value("CapacityRebalance", json(false));
    if (!rebalance.is_boolean()) unexpected(path, "CapacityRebalance", rebalance, "true or false");
    if (!units || !problems.empty()) return {};
    ordered_json mix;
    mix["name"] = name;
    mix["groups"] = groups_of(instances, zones, *units);
    if (rebalance.get<bool>()) mix["launch"]["replace_before_termination"] = true;
    return mix;
  }

  Problems problems;
  Problems warnings;

 private:
  void add(const std::string& where, std::string message) {
    problems.push_back({file_, where, std::move(message)});
  }

  void unexpected(const std::string& path, const char* key, const json& found, std::string_view expected) {
    add(key_path(path, key), fmt::format("found {}, expected {}", shown(found), expected));
  }

  static std::optional<int> whole(const json& value) {
    if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      return number >= 0 && number <= 100'000 ? std::optional(static_cast<int>(number)) : std::nullopt;
    }
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
      unexpected(path, key, group[key], "at least 1 (or --count)");
      return std::nullopt;
    }
    add(path, "found no DesiredCapacity, expected one, or --count with the number of units");
    return std::nullopt;
  }

  std::vector<std::string> zones_of(const std::string& path, const json& group) {
    if (options_.zone) return {*options_.zone};
    std::vector<std::string> zones;
    const json listed = group.value("AvailabilityZones", json::array());
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (listed[i].is_string()) {
        zones.push_back(listed[i].get<std::string>());
      } else {
        add(item_path(key_path(path, "AvailabilityZones"), i),
            fmt::format("found {}, expected a zone", shown(listed[i])));
      }
    }
    return zones;
  }

  ordered_json read_overrides(const std::string& path, const json& launch_template) {
    ordered_json instances = ordered_json::array();
    const json overrides = launch_template.is_object() ? launch_template.value("Overrides", json()) : json();
    if (!overrides.is_array() || overrides.empty()) {
      add(path, "found no overrides, expected a list of instance types");
      return instances;
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < overrides.size(); ++i) {
      const std::string item = item_path(path, i);
      const json& entry = overrides[i];
      if (entry.is_object() && entry.contains("InstanceRequirements")) {
        add(key_path(item, "InstanceRequirements"),
            "found a selection by attributes, expected InstanceType: which types it means changes with AWS's "
            "offer");
        continue;
      }
      const json name = entry.is_object() ? entry.value("InstanceType", json()) : json();
      if (!name.is_string()) {
        add(key_path(item, "InstanceType"),
            fmt::format("found {}, expected an instance type", name.is_null() ? "nothing" : shown(name)));
        continue;
      }
      if (!names.insert(name.get<std::string>()).second) {
        add(key_path(item, "InstanceType"),
            fmt::format("found {} a second time, expected each type once", shown(name)));
      }
      ordered_json instance{{"instance", name.get<std::string>()}};
      if (entry.contains("WeightedCapacity")) {
        const auto weight = whole(entry["WeightedCapacity"]);
        if (!weight || *weight < 1 || *weight > 999) {
          unexpected(item, "WeightedCapacity", entry["WeightedCapacity"], "a whole number from 1 to 999");
        } else {
          instance["weight"] = *weight;
        }
      }
      instances.push_back(std::move(instance));
    }
    return instances;
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
                                 ? distribution[key].get<std::string>()
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
    if (spot_ == lowest_price && distribution.contains("SpotInstancePools")) {
      warnings.push_back({file_, key_path(path, "SpotInstancePools"),
                          "spot instances are not spread over a number of pools: each goes to the cheapest"});
    }
    const json limit = distribution.value("SpotMaxPrice", json());
    if (limit.is_null() || limit == "") return;
    max_price_ = limit.is_string() ? parse_price(limit.get_ref<const std::string&>()) : std::nullopt;
    if (!max_price_) {
      unexpected(path, "SpotMaxPrice", limit, "a price such as \"0.25\"");
    }
  }

  static ordered_json part(sim::Purchase purchase, int units, sim::Allocation allocation,
                           const ordered_json& instances, const std::vector<std::string>& zones) {
    ordered_json group{{"instances", instances}, {"purchase", name_of(purchase)}, {"count", units}};
    if (!zones.empty()) group["zones"] = zones;
    group["allocation"] = name_of(allocation);
    return group;
  }

  ordered_json groups_of(const ordered_json& instances, const std::vector<std::string>& zones,
                         int units) const {
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
  int base_ = 0;
  int percentage_ = 100;
  sim::Allocation spot_ = lowest_price;
  sim::Allocation on_demand_ = prioritized;
  std::optional<HourlyPrice> max_price_;
};

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

bool is_auto_scaling_groups(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (text[first] != '{' && text[first] != '[')) return false;
  const bool launches =
      text.find("\"LaunchTemplate\"") != std::string::npos && text.find("\"Overrides\"") != std::string::npos;
  return launches || text.find("\"MixedInstancesPolicy\"") != std::string::npos ||
         text.find("\"InstancesDistribution\"") != std::string::npos ||
         text.find("\"AutoScalingGroups\"") != std::string::npos;
}

Result<Imported> import_auto_scaling_groups(std::span<const ImportedFile> files,
                                            const ImportOptions& options) {
  Problems problems;
  Problems warnings;
  Imported imported;
  ordered_json mixes = ordered_json::array();
  const auto take = [&](const ImportedFile& file, const std::string& path, const json& group) {
    GroupReader reader(file.name, options);
    const ordered_json mix = reader.read(path, group);
    append(problems, std::move(reader.problems));
    append(warnings, std::move(reader.warnings));
    if (mix.is_null()) return;
    imported.summary.push_back(summary_of(mix));
    mixes.push_back(mix);
  };
  for (const ImportedFile& file : files) {
    Result<json> document = parse_json(file.name, file.text);
    append(problems, document.problems);
    if (!document) continue;
    const json& root = *document.value;
    const bool listed = root.is_object() && root.contains("AutoScalingGroups");
    const json& groups = listed ? root["AutoScalingGroups"] : root;
    if (!groups.is_array()) {
      take(file, "", groups);
      continue;
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::string path = item_path(listed ? "AutoScalingGroups" : "", i);
      // Groups without a policy buy one instance type on demand: nothing that a mix would need to be told.
      if (groups[i].is_object() && groups[i].contains("MixedInstancesPolicy")) take(file, path, groups[i]);
    }
    if (mixes.empty() && problems.empty())
      problems.push_back({file.name, listed ? "AutoScalingGroups" : "",
                          "found no group with a MixedInstancesPolicy, expected at least one"});
  }
  if (!problems.empty()) return problems;
  imported.text = ordered_json{{"mixes", mixes}}.dump(2) + "\n";
  Result<Imported> result(std::move(imported));
  result.warnings = std::move(warnings);
  return result;
}

}  // namespace spotmix::scenarios
