// The instance types that one mix may run on.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct TypeOfMix {
  std::string instance;
  GroupRole role = GroupRole::worker;
  int weight = 1;  ///< Units that one counts for in the first group that lists it.
};

/// In the order in which the groups list them, each once.
std::vector<TypeOfMix> types_of(const MixSpec& mix);

/// Its place among `types`, which must hold it.
std::uint32_t number_of(const std::vector<TypeOfMix>& types, const std::string& instance, GroupRole role);

/// Whether the mix's rate depends on which instances run: a group lists several types, or a gang that changes
/// its size, without speeds of its own, has groups of different types.
bool depends_on_types(const MixSpec& mix);

}  // namespace spotmix::scenarios
