// What a gang in several zones or regions sends between them, and how much slower it trains (docs/rules.md
// 12).
#pragma once

#include <string>
#include <vector>

#include "models/provenance/source.h"
#include "scenarios/build.h"
#include "scenarios/experiment/recovery.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

struct Traffic {
  sim::SurroundingCosts costs;  ///< prices and speeds of distance alone
  std::vector<models::Source> sources;
  std::vector<std::string> warnings;  ///< what could not be known, and is left out
};

/// Gradients and activations of a mix whose instances may be in several zones at once, the speed at which it
/// trains then, and checkpoints that are restored in another region than they were written in.
Traffic traffic_of(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                   const sim::Mix& mix, const sim::Market& market, const RecoveryPlan& recovery,
                   const MixDetails& details, ThroughputModel& throughput);

}  // namespace spotmix::scenarios
