// From a computed step to what reports show of it.
#pragma once

#include <optional>

#include "reports/results/report.h"
#include "scenarios/build.h"

namespace spotmix::cli {

/// The phase that the mix's step is of; details must have a step and phases.
const scenarios::PhaseDetails& main_phase(const scenarios::MixDetails& details);

/// The settings in the scenario's own words. `input`: what the step was computed from.
reports::ParallelismFigures parallelism_figures(const models::Parallelism& parallelism,
                                                const models::StepInput& input);

/// Of the device that needs most; unknown where no memory was computed.
std::optional<reports::MemoryFigures> memory_figures(const models::StepBreakdown& step);

/// What training costs by amount; REQUIRES: the mix can train, and its rate is known.
void add_costs(const scenarios::MixDetails& details, const sim::Mix& mix, const sim::MixResult& result,
               reports::StepFigures& figures);

/// A computed step; a rate that was given says only how many samples per second.
std::optional<reports::StepFigures> step_figures(const scenarios::MixDetails& details);

}  // namespace spotmix::cli
