// Opens the CUDA part, runs it, and turns what it found into a kernel profile.
#pragma once

#include <iosfwd>

#include "gpu/cuda/interface.h"
#include "gpu/options.h"
#include "models/kernels/profile.h"

namespace spotmix::gpu {

/// Default time for all sections; the mark is five minutes.
inline constexpr double kCudaBudget_s = 240.0;
inline constexpr double kQuickBudget_s = 5.0;

/// Throws std::runtime_error with one line when the program was built without the CUDA part, when it cannot
/// be opened, when there is no driver or device, and when a kernel is wrong.
models::KernelProfile measure_cuda(const Options& options, std::ostream& progress);

/// What the CUDA part found as a profile, not yet fitted. Where the device is not one that spotmix knows, its
/// fastest product stands for the peak.
models::KernelProfile profile_of(const CudaResult& result, const Options& options);

}  // namespace spotmix::gpu
