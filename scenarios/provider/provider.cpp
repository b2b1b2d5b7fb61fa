#include "scenarios/provider/provider.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/text_values.h"
#include "models/hardware/device.h"
#include "scenarios/embedded.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

std::optional<double> optional_number(const json& object, const char* key) {
  const json value = object.value(key, json());
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::vector<DatedPrice> read_prices(const json& list) {
  std::vector<DatedPrice> prices;
  for (const json& item : list) {
    const auto from = parse_time(item.at("from").get<std::string>());
    const auto price = parse_price(item.at("usd_per_h").get<std::string>());
    if (!from || !price) throw std::invalid_argument("a price or its date cannot be read");
    // A price holds until the next; the last one says itself when it was last seen.
    if (!prices.empty()) prices.back().until = *from;
    const auto until = parse_time(item.value("until", item.at("from").get<std::string>()));
    if (!until || *until < *from) throw std::invalid_argument("a price's last day cannot be read");
    prices.push_back({*from, *until, *price, item.at("source").get<std::string>()});
  }
  return prices;
}

InstanceType read_instance(const json& item) {
  InstanceType type;
  type.name = item.at("name").get<std::string>();
  type.family = item.at("family").get<std::string>();
  type.vcpu = item.at("vcpu").get<int>();
  type.memory_gib = item.at("memory_gib").get<double>();
  type.device = item.value("device", "");
  if (!type.device.empty() && models::find_device(type.device) == nullptr)
    throw std::invalid_argument("the device of " + type.name + " is not known");
  type.devices = item.value("devices", 0);
  type.device_memory_gib = optional_number(item, "device_memory_gib");
  type.pcie_lanes = item.value("pcie_lanes", type.pcie_lanes);
  type.interconnect = item.value("interconnect", "");
  type.interconnect_gb_per_s = optional_number(item, "interconnect_gb_per_s");
  type.network_baseline_gbit_per_s = optional_number(item, "network_baseline_gbit_per_s");
  type.network_burst_gbit_per_s = optional_number(item, "network_burst_gbit_per_s");
  type.efa_interfaces = item.value("efa_interfaces", 0);
  type.efa_generation = item.value("efa_generation", 0);
  type.ebs_baseline_mbit_per_s = optional_number(item, "ebs_baseline_mbit_per_s");
  type.ebs_max_mbit_per_s = optional_number(item, "ebs_max_mbit_per_s");
  for (const auto& [region, prices] : item.at("on_demand").items())
    type.on_demand[region] = read_prices(prices);
  for (const auto& [figures, source] : item.at("sources").items())
    type.sources[figures] = source.get<std::string>();
  return type;
}

}  // namespace

const InstanceType* Provider::find(std::string_view name) const {
  const auto found = std::find_if(instances.begin(), instances.end(),
                                  [&](const InstanceType& instance) { return instance.name == name; });
  return found == instances.end() ? nullptr : &*found;
}

std::vector<std::string> Provider::names() const {
  std::vector<std::string> names;
  for (const InstanceType& instance : instances) names.push_back(instance.name);
  return names;
}

Result<Provider> read_provider(const std::string& file, std::string text) {
  Result<json> document = parse_json(file, text);
  if (!document) return document.problems;
  try {
    Provider provider;
    if (document.value->at("spotmix_catalog") != 1) throw std::invalid_argument("not version 1");
    provider.prices_until = parse_time(document.value->at("prices_until").get<std::string>()).value();
    for (const json& item : document.value->at("instances"))
      provider.instances.push_back(read_instance(item));
    provider.catalog_text = std::move(text);
    return provider;
  } catch (const std::exception& error) {
    return Problem{file, "",
                   fmt::format("found no spotmix catalogue ({}), expected one as `spotmix import` makes it",
                               error.what())};
  }
}

Provider shipped_provider() {
  Result<Provider> provider = read_provider("built-in catalogue", std::string(catalog_text()));
  if (!provider) throw std::logic_error(to_line(provider.problems.front()));
  provider.value->spot_advisor_text = spot_advisor_text();
  Result<SpotAdvisor> advisor =
      parse_spot_advisor("the program's Spot Advisor", provider.value->spot_advisor_text);
  if (!advisor) throw std::logic_error(to_line(advisor.problems.front()));
  provider.value->spot_advisor = *std::move(advisor.value);
  return *std::move(provider.value);
}

}  // namespace spotmix::scenarios
