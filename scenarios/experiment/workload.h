// The model that a scenario trains, as layers: a name, a Hugging Face config.json or a list.
#pragma once

#include <optional>

#include "models/workload/workload.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Sizes of one phase's samples; what is left out is the model's own.
struct SampleSizes {
  std::optional<int> image_size;
  std::optional<int> sequence_length;
};

/// The scenario's own sizes.
SampleSizes sizes_of(const WorkloadSpec& spec);

/// The scenario's model with these sizes. A problem where it names none, or none that is known, or where the
/// config.json or the list cannot be understood; reads the config.json each time.
Result<models::Workload> workload_of(const Scenario& scenario, const SampleSizes& sizes);

/// Momentum for images, Adam for the rest, unless the scenario says.
models::Optimizer optimizer_of(const WorkloadSpec& spec, const models::Workload& workload);

}  // namespace spotmix::scenarios
