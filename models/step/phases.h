// Training in phases whose inputs differ: images that grow, sequences that lengthen, batches that change.
#pragma once

#include <vector>

#include "models/step/step.h"

namespace spotmix::models {

/// One phase's step, and how much it trains.
struct PhaseTime {
  double step_s = 0;
  int global_batch = 0;
  double samples = 0;
};

struct PhaseSum {
  double time_s = 0;
  double samples = 0;
};

/// All phases one after the other. Steps are whole: the last one of a phase counts even where its samples do
/// not fill it.
PhaseSum sum_of_phases(const std::vector<PhaseTime>& phases);

struct TrainingPhase {
  Workload workload;  ///< With the phase's image size or sequence length.
  int global_batch = 0;
  double samples = 0;             ///< Trained on in this phase.
  double evaluations = 0;         ///< How often the model is evaluated in this phase.
  double evaluation_samples = 0;  ///< On so many samples each, forward alone, in batches of the phase's size.
};

struct PhasedTraining {
  std::string infeasible_reason;  ///< Of the first phase that cannot run, with its number; empty if all can.
  std::vector<StepBreakdown> steps;  ///< One per phase.
  double time_s = 0;         ///< Of all steps and evaluations, and of what the software needs to begin.
  double samples_per_s = 0;  ///< Over all phases.
};

/// The phases as step_time times them, summed, with evaluations. The software's `phase_start_s` is paid where
/// the workload changes, and once at the start.
PhasedTraining phased_training(const StepInput& input, const std::vector<TrainingPhase>& phases);

}  // namespace spotmix::models
