// The nodes that benchmarks and tests ask for by name: instance types of the shipped provider, and systems
// that are measured but not among them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "models/step/step.h"
#include "scenarios/provider/provider.h"

namespace spotmix::bench {

/// By NVIDIA's data sheets; p6-b200 by AWS's DescribeInstanceTypes.
inline const auto& systems() {
  using enum models::Transport;
  constexpr double kGbit = 1e9 / 8;
  static const std::array<models::NodeSpec, 10> kSystems{{
      {"p6-b200.48xlarge", "B200", 8, 16, {}, 0, 3200 * kGbit, efa_3, 8},
      {"dgx1-p100", "P100-SXM2-16GB", 8, 16, {}, 0, 400 * kGbit, infiniband, 4},
      {"dgx1-v100", "V100-SXM2-32GB", 8, 16, {}, 0, 400 * kGbit, infiniband, 4},
      {"dgx2", "V100-SXM3-32GB", 16, 16, {}, 0, 800 * kGbit, infiniband, 8},
      {"dgx-a100", "A100-SXM4-80GB", 8, 16, {}, 0, 1600 * kGbit, infiniband, 8},
      {"dgx-h100", "H100-SXM", 8, 16, {}, 0, 3200 * kGbit, infiniband, 8},
      {"dgx-h200", "H200", 8, 16, {}, 0, 3200 * kGbit, infiniband, 8},
      {"dgx-b200", "B200", 8, 16, {}, 0, 3200 * kGbit, infiniband, 8},
      {"gb200-nvl72", "GB200", 72, 16, {}, 0, 28800 * kGbit, infiniband, 72},
      {"gb300-nvl72", "GB300", 72, 16, {}, 0, 57600 * kGbit, infiniband, 72},
  }};
  return kSystems;
}

/// The node called `name`; nullopt if none is.
inline std::optional<models::NodeSpec> find_node(std::string_view name) {
  static const scenarios::Provider kShipped = scenarios::shipped_provider();
  if (const scenarios::InstanceType* type = kShipped.find(name)) return node_of(*type);
  for (const models::NodeSpec& system : systems()) {
    if (system.name == name) return system;
  }
  return std::nullopt;
}

/// REQUIRES: find_node knows `name`.
inline models::NodeTopology node_named(std::string_view name) {
  return models::make_node(find_node(name).value());
}

inline models::InstanceGroup instances_of(std::string_view name, int instances) {
  return {.node = find_node(name).value(), .instances = instances};
}

}  // namespace spotmix::bench
