#include "scenarios/experiment/own_types.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/json/node.h"
#include "base/json/schema.h"
#include "base/text/nearest.h"
#include "scenarios/embedded.h"
#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

/// At and above this rate the default transport is InfiniBand, below it TCP.
constexpr double kRemoteMemoryGbitPerSecond = 100;

/// A file of types is judged by a definition of the scenario's schema.
nlohmann::json file_schema() {
  nlohmann::json schema = nlohmann::json::parse(scenario_schema_text());
  nlohmann::json types = schema["definitions"]["own_types"];
  types["definitions"] = std::move(schema["definitions"]);
  return types;
}

class Gatherer {
 public:
  explicit Gatherer(Scenario& scenario) : scenario_(scenario) {}

  Problems gather() {
    for (const std::string& name : scenario_.market.instance_types) read(name);
    const auto& pools = scenario_.market.pools;
    for (std::size_t i = 0; i < pools.size(); ++i) {
      if (!pools[i].hardware) continue;
      take({pools[i].instance, *pools[i].hardware, scenario_.file.string(),
            key_path(item_path("market.pools", i), "hardware")});
    }
    return std::move(problems_);
  }

 private:
  void read(const std::string& name) {
    const std::filesystem::path named(name);
    const std::string file = (named.is_absolute() ? named : scenario_.file.parent_path() / named).string();
    const Result<std::string> text = read_text(file, kScenarioBytesLimit);
    if (!text) return report(text.problems);
    Result<nlohmann::json> document = parse_json(file, *text.value);
    if (!document) return report(document.problems);
    static const nlohmann::json kSchema = file_schema();
    report(check_schema(file, *document.value, kSchema));
    if (!document.value->is_object()) return;
    const Node::Json ordered(*document.value);
    Problems of_values;
    for (const Node& type : Node(ordered, file, of_values).objects("instance_types")) {
      take({type.string("instance").value_or(""), read_hardware(type.object("hardware")), file,
            key_path(type.path(), "hardware")});
    }
    report(of_values);
  }

  /// Problems of a file of types are the scenario's, which names it.
  void report(const Problems& problems) {
    const std::string own = scenario_.file.string();
    for (const Problem& inner : problems) {
      if (inner.file == own) {
        problems_.push_back(inner);
        continue;
      }
      problems_.push_back({own, "market.instance_types",
                           fmt::format("{}: {}{}", inner.file, inner.where.empty() ? "" : inner.where + ": ",
                                       inner.message)});
    }
  }

  void take(OwnType type) {
    if (type.hardware.device.empty()) return;  // reported by the schema
    std::vector<OwnType>& known = scenario_.market.own_types;
    const auto same = std::find_if(known.begin(), known.end(),
                                   [&](const OwnType& other) { return other.instance == type.instance; });
    if (same == known.end()) {
      Problems found = problems_of(type);
      if (found.empty()) known.push_back(std::move(type));
      report(found);
    } else if (same->hardware != type.hardware) {
      report({{type.file, type.path,
               fmt::format("found other hardware of {} than {}: {} says, expected it once or the same",
                           type.instance, same->file, same->path)}});
    }
  }

  static Problems problems_of(const OwnType& type) {
    const HardwareSpec& hardware = type.hardware;
    const models::DeviceSpec* device = models::find_device(hardware.device);
    if (device == nullptr || device->architecture == models::Architecture::cpu) {
      const std::vector<std::string> names = models::device_names();
      return {{type.file, key_path(type.path, "device"),
               fmt::format("found {}, expected an accelerator that spotmix knows: {}{}",
                           in_quotes(hardware.device), one_of(names, names.size()),
                           did_you_mean(hardware.device, names))}};
    }
    const auto problem = hardware.link
                             ? models::interconnect_problem(*device, hardware.devices, *hardware.link)
                             : std::nullopt;
    if (!problem) return {};
    return {{type.file, key_path(type.path, "link"),
             fmt::format("found {}, expected another: {}", in_quotes(name_of(*hardware.link)), *problem)}};
  }

  Scenario& scenario_;
  Problems problems_;
};

/// The letters and digits before the size: "p6-b200" of "p6-b200.48xlarge".
std::string family_of(const std::string& instance) {
  return instance.substr(0, instance.find('.'));
}

void set_hardware(InstanceType& type, const OwnType& own) {
  using enum models::Transport;
  const HardwareSpec& hardware = own.hardware;
  const bool remote_memory = hardware.network_gbit_per_s.value_or(0) >= kRemoteMemoryGbitPerSecond;
  type.device = models::find_device(hardware.device)->name;
  type.devices = hardware.devices;
  type.device_memory_gib.reset();
  type.pcie_lanes = InstanceType{}.pcie_lanes;
  type.link = hardware.link;
  type.network_baseline_gbit_per_s = hardware.network_gbit_per_s;
  type.network_burst_gbit_per_s.reset();
  type.transport = hardware.transport.value_or(remote_memory ? infiniband : tcp);
  // With direct access to the devices' memory each device has an adapter of its own.
  type.efa_interfaces = type.transport == tcp ? 0 : hardware.devices;
  type.vcpu = hardware.vcpus.value_or(0);
  type.memory_gib = hardware.memory_gib.value_or(0);
  type.ebs_baseline_mbit_per_s.reset();
  if (hardware.storage_gbit_per_s) type.ebs_baseline_mbit_per_s = *hardware.storage_gbit_per_s * 1000;
  type.ebs_max_mbit_per_s.reset();
  const std::string source = own.file + ": " + own.path;
  type.sources = {{"specification", source}, {"network", source}, {"storage", source}};
}

}  // namespace

Problems read_own_types(Scenario& scenario) {
  return Gatherer(scenario).gather();
}

Provider with_own_types(Provider provider, const std::vector<OwnType>& types) {
  for (const OwnType& own : types) {
    const auto known = std::find_if(provider.instances.begin(), provider.instances.end(),
                                    [&](const InstanceType& type) { return type.name == own.instance; });
    if (known != provider.instances.end()) {
      set_hardware(*known, own);
      continue;
    }
    InstanceType type;
    type.name = own.instance;
    type.family = family_of(own.instance);
    set_hardware(type, own);
    provider.instances.push_back(std::move(type));
  }
  return provider;
}

}  // namespace spotmix::scenarios
