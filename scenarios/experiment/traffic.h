// What a gang in several zones or regions sends between them, and how much slower it trains (docs/rules.md
// 12).
#pragma once

#include "scenarios/experiment/surroundings.h"

namespace spotmix::scenarios {

/// Gradients and activations of a mix whose instances may be in several zones at once, the speed at which it
/// trains then, and checkpoints that are restored in another region than they were written in: prices and
/// speeds of distance alone.
Surroundings traffic_of(const AssembledMix& assembled);

}  // namespace spotmix::scenarios
