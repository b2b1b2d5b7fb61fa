#include "scenarios/experiment/mix_types.h"

#include <algorithm>
#include <cassert>

namespace spotmix::scenarios {
namespace {

auto find_type(const std::vector<TypeOfMix>& types, const std::string& instance, GroupRole role) {
  return std::find_if(types.begin(), types.end(),
                      [&](const TypeOfMix& type) { return type.instance == instance && type.role == role; });
}

bool has_several_types(const GroupSpec& group) {
  return std::any_of(group.instances.begin(), group.instances.end(), [&](const WeightedInstance& instance) {
    return instance.name != group.instances.front().name;
  });
}

}  // namespace

std::vector<TypeOfMix> types_of(const MixSpec& mix) {
  std::vector<TypeOfMix> types;
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& instance : group.instances) {
      if (find_type(types, instance.name, group.role) == types.end())
        types.push_back({instance.name, group.role, instance.weight});
    }
  }
  return types;
}

std::uint32_t number_of(const std::vector<TypeOfMix>& types, const std::string& instance, GroupRole role) {
  const auto found = find_type(types, instance, role);
  assert(found != types.end());
  return static_cast<std::uint32_t>(found - types.begin());
}

bool depends_on_types(const MixSpec& mix) {
  if (mix.groups.empty()) return false;
  const bool any = std::any_of(mix.groups.begin(), mix.groups.end(), has_several_types);
  const bool changes_size = mix.gang.kind != sim::GangKind::rigid && mix.gang.speed.empty();
  return any || (changes_size && types_of(mix).size() > 1);
}

}  // namespace spotmix::scenarios
