#include "scenarios/experiment/cluster.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/hardware/device.h"
#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {
namespace {

constexpr double kBytesPerGibibyte = 1073741824.0;

/// The processor of an instance without an accelerator, two vCPUs a core.
const models::DeviceSpec* host_processor(const InstanceType& type) {
  return models::find_host_processor(type.family, std::max(1, type.vcpu / 2));
}

/// What one device has; a processor has its instance's memory. 0 where the catalogue does not say.
double device_memory_bytes(const InstanceType& type) {
  return type.device.empty() ? type.memory_gib * kBytesPerGibibyte
                             : type.device_memory_gib.value_or(0) * kBytesPerGibibyte;
}

void add_servers(const MixSpec& mix, const Provider& provider, MixCluster& result) {
  for (const GroupSpec& group : mix.groups) {
    if (group.role != GroupRole::parameter_server) continue;
    const InstanceType* type = provider.find(group.instances.front().name);
    const auto network = type == nullptr ? std::nullopt : network_bytes_per_s(*type);
    if (!network) {
      result.problem = fmt::format("the network bandwidth of {} is not known", group.instances.front().name);
      return;
    }
    result.servers += group.first_type_count();
    result.server_bytes_per_s = std::min(result.server_bytes_per_s.value_or(*network), *network);
  }
}

}  // namespace

ClusterShape shape_of(const MixSpec& mix) {
  ClusterShape shape;
  for (const GroupSpec& group : mix.groups) {
    if (group.role == GroupRole::worker) shape[group.instances.front().name] += group.first_type_count();
  }
  return shape;
}

std::string in_words(const ClusterShape& shape) {
  std::string text;
  for (const auto& [instance, count] : shape)
    text += fmt::format("{}{} × {}", text.empty() ? "" : " + ", count, instance);
  return text;
}

MixCluster cluster_of(const MixSpec& mix, const Provider& provider) {
  MixCluster result;
  const auto refuse = [&](std::string problem) {
    result.problem = std::move(problem);
    return result;
  };
  const ClusterShape shape = shape_of(mix);
  if (shape.empty()) return refuse("it has no instances that compute");
  add_servers(mix, provider, result);
  const bool networked = shape.size() > 1 || shape.begin()->second > 1 || result.servers > 0;
  for (const auto& [name, count] : shape) {
    const InstanceType* type = provider.find(name);
    if (type == nullptr)
      return refuse(
          fmt::format("{} is not in the catalogue, and market.pools says nothing of its \"hardware\"", name));
    const auto network = network_bytes_per_s(*type);
    if (networked && !network) return refuse(fmt::format("the network bandwidth of {} is not known", name));
    models::InstanceGroup group{.instances = count, .memory_bytes = device_memory_bytes(*type)};
    if (!type->device.empty()) {
      group.node = node_of(*type);
    } else if (const models::DeviceSpec* processor = host_processor(*type)) {
      group.node = {.device = std::string(processor->name), .network_bytes_per_s = network.value_or(0)};
      result.on_processors = true;
    } else {
      return refuse(fmt::format("{} has no accelerator, and its processor is not known", name));
    }
    result.cluster.groups.push_back(std::move(group));
  }
  return result;
}

}  // namespace spotmix::scenarios
