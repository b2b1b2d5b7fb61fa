// What is left to chance in a mix: which draws may change what its replications come to.
#pragma once

#include "sim/replay/experiment.h"

namespace spotmix::sim {

struct Chance {
  bool market = false;       ///< Starts, lifetimes, reclaims, blocks of history, or lots among instances.
  bool step_time = false;    ///< The known error of the step time.
  bool convergence = false;  ///< How much a run needs to its target.

  bool any() const { return market || step_time || convergence; }
};

/// Told from the settings alone. What may vary counts, also if no replication happens to show it; a mix
/// without any chance comes to the same in every replication.
Chance chance_of(const Experiment& experiment, const Mix& mix);

}  // namespace spotmix::sim
