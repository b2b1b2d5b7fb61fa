// Scenario → what the simulator runs: files read, names looked up, defaults applied, times of training known.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/step/search.h"
#include "models/step/step.h"
#include "models/step/step_error.h"
#include "scenarios/scenario.h"
#include "sim/replay/experiment.h"

namespace spotmix::scenarios {

struct Provider;

/// The step of one phase of training, and what else it could have been.
struct PhaseDetails {
  std::string name;               ///< "phase 2"; empty where the scenario has no phases
  std::optional<double> samples;  ///< that the phase trains; where the scenario has phases
  int global_batch = 0;
  int image_size = 0;       ///< 0 where samples have none
  int sequence_length = 0;  ///< 0 where samples have none
  models::StepBreakdown step;
  std::string why;  ///< the parallelism won, where it was searched for
  std::vector<models::Alternative> runners_up;
  int considered = 0;
  /// What the step was computed from, with the parallelism that won; holds on to its profiles.
  std::shared_ptr<const models::StepInput> input;
  std::shared_ptr<const std::vector<models::KernelProfile>> profiles;
};

/// An on-demand price of the catalogue that a mix may pay.
struct DatedPriceUse {
  std::string instance;
  std::string region;
  Time seen{};  ///< The day on which it is known to have held.
  Time day{};   ///< The day for which it is used.
  HourlyPrice price;
  std::optional<double> change;  ///< Of the price in us-east-1 from `seen` to `day`; nullopt if not known.
};

/// How fast a mix trains, and why.
struct MixDetails {
  std::optional<double> samples_per_s;        ///< of the whole gang; unknown when the mix is infeasible
  std::optional<models::StepBreakdown> step;  ///< when the rate was computed: of the phase that takes longest
  std::vector<PhaseDetails> phases;           ///< one where there are no phases; none when the rate was given
  /// Of a mix whose rate depends on which instances run: "p4d.24xlarge 1250/s, g5.xlarge 65/s". Empty of
  /// others.
  std::string rates{};
  /// Where every figure of the mix comes from: its rate or the step's, the amount of training, prices,
  /// capacity, times of the scenario.
  std::vector<models::Source> sources;
  std::vector<DatedPriceUse> dated_prices;
  /// Unknown if there is no step and no error of its rate is given, or the scenario draws none.
  std::optional<models::StepError> step_error;
  bool nothing_interrupts = false;  ///< Nothing in the scenario takes its spot instances away.
};

struct BuiltExperiment {
  sim::Experiment experiment;
  std::vector<MixDetails> details;  ///< one for each mix, in the scenario's order
};

/// Every problem of the scenario's data is reported: a name that nothing is known of, a trace that is broken
/// or does not cover the start, a price or a rate that is missing. Warnings tell of figures that were taken
/// from another day than asked for.
Result<BuiltExperiment> build_experiment(const Scenario& scenario, const Provider& provider);

}  // namespace spotmix::scenarios
