// Training whose phases have steps of their own: images that grow, batches that change, evaluations between.
#pragma once

#include <string>
#include <vector>

#include "models/step/step.h"

namespace spotmix::accuracy {

struct TrainingPhase {
  models::Workload workload;  ///< With the phase's image size or sequence length.
  int global_batch = 0;
  double samples = 0;             ///< Trained on in this phase.
  double evaluations = 0;         ///< How often the model is evaluated in this phase.
  double evaluation_samples = 0;  ///< Of one evaluation: forward passes in batches of the phase's size.
};

struct PhasedTraining {
  std::string infeasible_reason;  ///< Of the first phase that cannot run, with its number; empty if all can.
  std::vector<models::StepBreakdown> steps;  ///< One per phase.
  double time_s = 0;         ///< Of all steps and evaluations, and of what the software needs to begin.
  double samples_per_s = 0;  ///< Over all phases.
};

/// The phases as step_time times them, summed, with evaluations. The software's `phase_start_s` is paid where
/// the workload changes, and once at the start.
PhasedTraining phased_training(const models::StepInput& input, const std::vector<TrainingPhase>& phases);

}  // namespace spotmix::accuracy
