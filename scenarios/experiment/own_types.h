// Instance types of the scenario's own: what the catalogue does not sell, or sells with other figures.
#pragma once

#include <vector>

#include "scenarios/provider/provider.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Reads the files of `market.instance_types` and gathers their types and those of `market.pools` in
/// `market.own_types`. Says what is wrong with them: unknown devices, links that a device does not have, one
/// type described in two ways.
[[nodiscard]] Problems read_own_types(Scenario& scenario);

/// The provider that sells these types too. A type that it knows keeps its prices and gets the new figures.
/// REQUIRES: they are of read_own_types, which leaves out the broken ones.
Provider with_own_types(Provider provider, const std::vector<OwnType>& types);

}  // namespace spotmix::scenarios
