#include "scenarios/provider/instance_type.h"

#include <algorithm>
#include <cassert>
#include <cctype>

namespace spotmix::scenarios {

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

models::NodeSpec node_of(const InstanceType& type) {
  assert(!type.device.empty());
  using enum models::Transport;
  const models::Transport by_fabric = type.efa_interfaces == 0   ? tcp
                                      : type.efa_generation <= 1 ? efa_1
                                      : type.efa_generation == 2 ? efa_2
                                                                 : efa_3;
  return {.name = type.name,
          .device = type.device,
          .devices = type.devices,
          .pcie_lanes = type.pcie_lanes,
          .interconnect = type.link,
          .network_bytes_per_s = network_bytes_per_s(type).value_or(0),
          .transport = type.transport.value_or(by_fabric),
          .network_adapters = std::max(1, type.efa_interfaces)};
}

std::string region_of_zone(const std::string& zone) {
  const std::size_t size = zone.size();
  const auto letter = [&](std::size_t i) { return std::isalpha(static_cast<unsigned char>(zone[i])) != 0; };
  if (size > 2 && zone[size - 2] == '-' && letter(size - 1)) return zone.substr(0, size - 2);
  if (size > 2 && letter(size - 1) && !letter(size - 2)) return zone.substr(0, size - 1);
  return zone;
}

}  // namespace spotmix::scenarios
