// The steps of a scenario on one cluster: one for each phase of training, divided as the scenario says or the
// fastest way that fits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/build.h"
#include "scenarios/experiment/cluster.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Samples of one step over `devices` devices; nothing where the scenario names no batch, or one per device
/// of nobody knows how many.
std::optional<double> batch_of(const WorkloadSpec& spec, const PhaseSpec* phase, std::optional<int> devices);

struct StepChoice {
  std::vector<PhaseDetails> phases;  ///< At least one, where there is no problem.
  std::string infeasible_reason;     ///< Of the first phase that cannot run.
  double samples_per_s = 0;          ///< Over all phases.
  std::optional<double> samples;     ///< Of all phases, where the scenario has phases.
  Problems problems;
  Problems warnings;
};

/// `share` of the scenario's global batch is trained in each step (1 unless a gang has shrunk with its
/// batch).
StepChoice choose_steps(const Scenario& scenario, const MixCluster& cluster, double share,
                        const std::string& mix_path);

}  // namespace spotmix::scenarios
