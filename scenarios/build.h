// Scenario → what the simulator runs: files read, names looked up, defaults applied, times of training known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/replay/experiment.h"
#include "sim/step/step.h"

namespace spotmix::scenarios {

/// How fast a mix trains, and why.
struct MixDetails {
  std::optional<double> samples_per_s;     ///< of the whole gang; unknown when the mix is infeasible
  std::optional<sim::StepBreakdown> step;  ///< when the rate was computed, not given
  /// Where every figure of the mix comes from: its rate or the step's, prices, capacity, times of the
  /// scenario.
  std::vector<models::Source> sources;
};

struct BuiltExperiment {
  sim::Experiment experiment;
  std::vector<MixDetails> details;  ///< one for each mix, in the scenario's order
};

/// Every problem of the scenario's data is reported: a name that nothing is known of, a trace that is broken
/// or does not cover the start, a price or a rate that is missing. Warnings tell of figures that were taken
/// from another day than asked for.
Result<BuiltExperiment> build_experiment(const Scenario& scenario);

}  // namespace spotmix::scenarios
