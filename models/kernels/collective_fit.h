// The α-β line of measured collectives: time = latency + bytes × seconds per byte, per number of ranks.
//
// Least squares of relative errors, so that a microsecond at 4 KiB counts like a millisecond at 64 MiB:
//   minimise Σ ((α + β·bytesᵢ − tᵢ) / tᵢ)²,   α, β ≥ 0.
#pragma once

#include "models/kernels/profile.h"

namespace spotmix::models {

/// The line through the samples of one number of ranks; requires at least two sizes.
CollectiveFit fit_line(std::int64_t ranks, const std::vector<double>& bytes,
                       const std::vector<double>& time_s);

/// Fits every group in place, one line per number of ranks that has at least two sizes, ranks ascending.
void fit_collectives(KernelProfile& profile);

}  // namespace spotmix::models
