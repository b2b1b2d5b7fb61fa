// How fast this processor's memory is: large copies, reads and writes by all threads at once, and how long it
// takes to hand a team of threads its work.
#pragma once

#include <cstddef>

#include "gpu/cpu/thread_team.h"
#include "gpu/measure/statistics.h"

namespace spotmix::gpu {

/// Bytes per second. A copy counts bytes read plus bytes written.
struct MemoryRates {
  double copy_bytes_per_s = 0;
  double read_bytes_per_s = 0;
  double write_bytes_per_s = 0;
};

/// Medians over arrays of `bytes` per thread (choose several times the last-level cache in all).
MemoryRates measure_memory(ThreadTeam& team, std::size_t bytes, double budget_s);

/// Handing empty work to the team and hearing that all are done.
Times measure_launch(ThreadTeam& team, double budget_s);

}  // namespace spotmix::gpu
