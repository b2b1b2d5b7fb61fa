#include "models/step/device_memory.h"

#include "models/memory/fit.h"

namespace spotmix::models {

std::string add_memory(StepBreakdown& step, const StepCosts& costs, const Configuration& configuration) {
  constexpr double kGib = 1073741824.0;
  const StepInput& input = costs.input();
  const MemorySettings settings{.precision = input.precision,
                                .optimizer = input.optimizer,
                                .fp32_gradients = input.software.fp32_gradients,
                                .parallelism = configuration.parallelism,
                                .global_batch = configuration.global_batch};
  step.memory = memory_per_device(input.workload, *configuration.device_stages, settings);
  step.memory_per_device_gib = step.memory.total_bytes() / kGib;
  step.memory_limit_bytes = costs.device_memory_bytes();
  if (!input.check_memory || step.memory.total_bytes() <= step.memory_limit_bytes) return "";
  return memory_problem(input.workload, settings, step.memory_limit_bytes);
}

}  // namespace spotmix::models
