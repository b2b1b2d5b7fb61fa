// Where the figures of a mix come from that are not the step's: work, prices, capacity, interruptions,
// start-up, checkpoints.
#pragma once

#include <vector>

#include "models/provenance/source.h"
#include "scenarios/experiment/market.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"

namespace spotmix::scenarios {

struct Provider;

/// `pools`: of the market, in its order. Only figures that this mix uses; pools that share a source have it
/// once.
std::vector<models::Source> mix_sources(const Scenario& scenario, const Provider& provider,
                                        const MixSpec& spec, const sim::Mix& mix,
                                        const std::vector<PoolSources>& pools);

}  // namespace spotmix::scenarios
