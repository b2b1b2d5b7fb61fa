// How many bytes one step of a mix sends over each boundary between zones.
#pragma once

#include <optional>

#include "scenarios/build.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct Provider;

/// Bytes of one step; nothing where neither model nor scenario tells.
struct StepTraffic {
  int stages = 1;  ///< of the pipelines; 1: data parallelism alone
  /// Over each boundary of a ring through all instances. A ring passes every boundary once; each hop carries
  /// 2(n − 1)/n of the gradients between n ranks (3(n − 1)/n where the parameters are divided too, and
  /// gathered twice).
  std::optional<double> ring;
  /// Pipelines: over each place where a row of stage after stage leaves a zone, both ways: the ring of one
  /// stage's gradients comes and goes there, and all activations and their gradients do.
  std::optional<double> cut_gradients;
  std::optional<double> cut_activations;
};

StepTraffic step_traffic_of(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                            const MixDetails& details);

/// Steps in an hour of the whole gang's training; nothing where the samples of a step are not known.
std::optional<double> steps_per_h(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                                  const MixDetails& details);

}  // namespace spotmix::scenarios
