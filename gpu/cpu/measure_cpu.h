// The whole measurement of a host processor: peak, memory, matrix products, AllReduce between processes.
#pragma once

#include <iosfwd>

#include "gpu/options.h"
#include "models/kernels/profile.h"

namespace spotmix::gpu {

/// Default time for all sections; they share it as kShares in the .cpp says.
inline constexpr double kCpuBudget_s = 105.0;
inline constexpr double kQuickCpuBudget_s = 5.0;

/// Progress and the figures of the marks go to `progress`. Throws std::runtime_error when a result is wrong.
models::KernelProfile measure_cpu(const Options& options, std::ostream& progress);

}  // namespace spotmix::gpu
