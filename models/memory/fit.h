// Whether a training step fits into a device's memory, and what would make it fit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/memory/memory.h"

namespace spotmix::models {

/// "16.0 GiB".
std::string gib_text(double bytes);

struct NearestFit {
  Parallelism parallelism;
  std::string change;  ///< In a scenario's own words: "micro_batch 2 and recompute full".
  double bytes = 0;
};

/// The setting with the fewest and cheapest changes that fits `limit_bytes` on as many devices: first smaller
/// micro-batches, then recomputation, then sharding over the data-parallel ranks, then all together; nothing
/// if even those do not.
std::optional<NearestFit> nearest_fit(const Workload& workload, const MemorySettings& settings,
                                      double limit_bytes);

/// Each single change that fits by itself: the largest smaller micro-batch, the least recomputation, the
/// least sharding, in this order; nothing where it takes several changes at once or none does.
std::vector<NearestFit> single_changes_that_fit(const Workload& workload, const MemorySettings& settings,
                                                double limit_bytes);

/// "does not fit: needs 21.3 GiB of 16.0 GiB (activations 14.1 GiB); micro_batch 64 or recompute selective
/// fits"; empty if it fits.
std::string memory_problem(const Workload& workload, const MemorySettings& settings, double limit_bytes);

}  // namespace spotmix::models
