#include "sim/replay/job_draws.h"

#include <algorithm>
#include <cmath>

#include "base/random/normal.h"
#include "base/random/reproducible_exp.h"

namespace spotmix::sim {
namespace {

// No run needs less than this share of the mean, however the dice fall.
constexpr double kLeastShare = 0.05;

}  // namespace

double step_error_draw(const Experiment& experiment, const StepErrorSpec& error, std::uint64_t replication) {
  RandomStream random(experiment.seed, replication, entity_of(error.stream), Purpose::step_error);
  return standard_normal(random);
}

std::vector<const StepErrorSpec*> step_errors_of(const Mix& mix) {
  std::vector<const StepErrorSpec*> errors;
  const auto add = [&](const StepErrorSpec& error) {
    const bool known = std::any_of(errors.begin(), errors.end(),
                                   [&](const StepErrorSpec* other) { return other->stream == error.stream; });
    if (error.sigma > 0 && !known) errors.push_back(&error);
  };
  if (mix.compositions.empty()) add(mix.step_error);
  for (const Compositions::Entry& entry : mix.compositions.entries()) {
    if (entry.composition.speed > 0) add(entry.composition.step_error);
  }
  return errors;
}

double step_factor(const StepErrorSpec& error, double deviations) {
  return error.sigma == 0 ? 1 : std::min(error.most, reproducible_exp(error.sigma * deviations));
}

double convergence_draw(const Experiment& experiment, std::uint64_t replication) {
  RandomStream random(experiment.seed, replication, 0, Purpose::step_noise);
  return standard_normal(random);
}

Duration drawn_work(const Experiment& experiment, const Mix& mix, std::uint64_t replication) {
  if (mix.work_spread == 0) return mix.work;
  const double share = std::max(kLeastShare, 1 + mix.work_spread * convergence_draw(experiment, replication));
  return from_seconds(to_seconds(mix.work) * share);
}

Duration scaled(Duration time, double factor) {
  return factor == 1 ? time : Duration{std::llround(static_cast<double>(time.count()) * factor)};
}

}  // namespace spotmix::sim
