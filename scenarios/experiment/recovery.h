// What a mix writes and reads to recover: sizes, bandwidths and intervals, every default applied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "scenarios/scenario.h"
#include "scenarios/warning.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

struct RecoveryPlan {
  sim::RecoverySpec spec;
  std::optional<double>
      full_bytes;  ///< of one full checkpoint; unknown where nothing tells and none is needed
  double increment_bytes = 0;
  std::vector<Finding> findings;  ///< which interval came out, and why
};

/// Sizes and bandwidths that the scenario leaves out come from the model and the provider; where those say
/// nothing, a problem is added. An interval that a rule sets is left to set_interval.
RecoveryPlan recovery_of(const Scenario& scenario, const Provider& provider, const MixSpec& mix,
                         const std::string& path, Problems& problems);

/// Young's or Daly's interval, from the mean time between interruptions that the scenario gives, or that
/// hazards, reclaims and traces of the mix's pools give. Without any interruptions none are written.
void set_interval(const MixSpec& spec, const sim::Market& market, const sim::Mix& mix, RecoveryPlan& plan);

}  // namespace spotmix::scenarios
