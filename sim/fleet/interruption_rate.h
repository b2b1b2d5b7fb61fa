// How often a mix's gang loses instances while it runs, as far as the market tells before any replay.
#pragma once

#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::sim {

/// Losses per hour of running; one that takes several instances at once counts once.
struct InterruptionRate {
  double hazards_per_h = 0;   ///< drawn lifetimes: instances ÷ mean lifetime
  double reclaims_per_h = 0;  ///< of the one zone that all are taken to be in
  double traces_per_h = 0;    ///< capacity that falls short of the group, prices that pass its maximum

  double total_per_h() const { return hazards_per_h + reclaims_per_h + traces_per_h; }
};

/// Of the instances that the mix may hold as spot. A group is taken to be in any one of its pools that can
/// hold all of it, for as long as that can; where none ever can, spread evenly over all of them.
InterruptionRate interruption_rate(const Market& market, const Mix& mix);

}  // namespace spotmix::sim
