// Bandwidths of a mix: those of its slowest instance type.
#pragma once

#include <functional>
#include <optional>

#include "scenarios/provider/provider.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// The least of a bandwidth, in bytes per second, over the mix's instance types; unknown where one does not
/// tell.
std::optional<double> slowest(const MixSpec& mix, const Provider& provider,
                              const std::function<std::optional<double>(const InstanceType&)>& bandwidth);

}  // namespace spotmix::scenarios
