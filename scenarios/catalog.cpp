#include "scenarios/catalog.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/text_values.h"
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
    prices.push_back({*from, *price, item.at("source").get<std::string>()});
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
  type.devices = item.value("devices", 0);
  type.device_memory_gib = optional_number(item, "device_memory_gib");
  type.interconnect = item.value("interconnect", "");
  type.interconnect_gb_per_s = optional_number(item, "interconnect_gb_per_s");
  type.network_baseline_gbit_per_s = optional_number(item, "network_baseline_gbit_per_s");
  type.network_burst_gbit_per_s = optional_number(item, "network_burst_gbit_per_s");
  type.ebs_baseline_mbit_per_s = optional_number(item, "ebs_baseline_mbit_per_s");
  type.ebs_max_mbit_per_s = optional_number(item, "ebs_max_mbit_per_s");
  for (const auto& [region, prices] : item.at("on_demand").items())
    type.on_demand[region] = read_prices(prices);
  for (const auto& [figures, source] : item.at("sources").items())
    type.sources[figures] = source.get<std::string>();
  return type;
}

}  // namespace

const InstanceType* Catalog::find(std::string_view name) const {
  const auto found = std::find_if(instances.begin(), instances.end(),
                                  [&](const InstanceType& instance) { return instance.name == name; });
  return found == instances.end() ? nullptr : &*found;
}

std::vector<std::string> Catalog::names() const {
  std::vector<std::string> names;
  for (const InstanceType& instance : instances) names.push_back(instance.name);
  return names;
}

Result<Catalog> read_catalog(const std::string& file, const std::string& text) {
  Result<json> document = parse_json(file, text);
  if (!document) return document.problems;
  try {
    Catalog catalog;
    if (document.value->at("spotmix_catalog") != 1) throw std::invalid_argument("not version 1");
    catalog.prices_until = parse_time(document.value->at("prices_until").get<std::string>()).value();
    for (const json& item : document.value->at("instances")) catalog.instances.push_back(read_instance(item));
    return catalog;
  } catch (const std::exception& error) {
    return Problem{file, "",
                   fmt::format("found no spotmix catalogue ({}), expected one as `spotmix import` makes it",
                               error.what())};
  }
}

const Catalog& catalog() {
  static const Catalog kBuiltIn = [] {
    Result<Catalog> read = read_catalog("built-in catalogue", std::string(catalog_text()));
    if (!read) throw std::logic_error(to_line(read.problems.front()));
    return *std::move(read.value);
  }();
  return kBuiltIn;
}

PriceSeries on_demand_series(const InstanceType& instance, const std::string& region) {
  PriceSeries series;
  const auto found = instance.on_demand.find(region);
  if (found == instance.on_demand.end()) return series;
  for (const DatedPrice& dated : found->second) {
    series.at.push_back(series.empty() ? Time::min() : dated.from);
    series.value.push_back(dated.price);
  }
  return series;
}

std::optional<double> network_bytes_per_s(const InstanceType& type) {
  constexpr double kBytesPerGigabit = 1e9 / 8;
  const auto gbit =
      type.network_baseline_gbit_per_s ? type.network_baseline_gbit_per_s : type.network_burst_gbit_per_s;
  return gbit ? std::optional(*gbit * kBytesPerGigabit) : std::nullopt;
}

std::string region_of_zone(const std::string& zone) {
  const std::size_t size = zone.size();
  const auto letter = [&](std::size_t i) { return std::isalpha(static_cast<unsigned char>(zone[i])) != 0; };
  if (size > 2 && zone[size - 2] == '-' && letter(size - 1)) return zone.substr(0, size - 2);
  if (size > 2 && letter(size - 1) && !letter(size - 2)) return zone.substr(0, size - 1);
  return zone;
}

}  // namespace spotmix::scenarios
