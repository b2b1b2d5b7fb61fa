// What a replication draws for the job as a whole: by how much the step time is off, and how much the run
// needs to its target.
//
// Draws are standard normal and depend on seed and replication, never on the place of a mix: mixes of one
// stream of step errors share that draw, and all mixes share the other.
#pragma once

#include <vector>

#include "sim/replay/experiment.h"

namespace spotmix::sim {

/// By how many standard deviations the logarithm of the step time is off.
double step_error_draw(const Experiment& experiment, const StepErrorSpec& error, std::uint64_t replication);

/// How much longer a step takes if the logarithm of its time is off by so many deviations; exactly 1 without
/// a step error.
double step_factor(const StepErrorSpec& error, double deviations);

/// The step errors above 0 of all that the mix may run on, one of each stream: the mix's own, or those of its
/// compositions.
std::vector<const StepErrorSpec*> step_errors_of(const Mix& mix);

/// By how many standard deviations the amount of training is off.
double convergence_draw(const Experiment& experiment, std::uint64_t replication);

/// Training time of the whole gang that the run needs at the mix's own step time.
Duration drawn_work(const Experiment& experiment, const Mix& mix, std::uint64_t replication);

/// To the nearest tick; exactly the same for 1.
Duration scaled(Duration time, double factor);

}  // namespace spotmix::sim
