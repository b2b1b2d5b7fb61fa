#include "scenarios/experiment/bandwidth.h"

#include <algorithm>

namespace spotmix::scenarios {

std::optional<double> slowest(const MixSpec& mix, const Provider& provider,
                              const std::function<std::optional<double>(const InstanceType&)>& bandwidth) {
  std::optional<double> least;
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& instance : group.instances) {
      const InstanceType* type = provider.find(instance.name);
      const auto bytes_per_s = type == nullptr ? std::nullopt : bandwidth(*type);
      if (!bytes_per_s) return std::nullopt;
      least = std::min(least.value_or(*bytes_per_s), *bytes_per_s);
    }
  }
  return least;
}

}  // namespace spotmix::scenarios
