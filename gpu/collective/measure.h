// Times AllReduce between processes of this machine, checked on random data.
//
// Time of one AllReduce is that of its slowest rank, from a common start to the moment when all ranks have
// the sum. Bytes are those of one rank's data, as nccl-tests counts them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "gpu/measure/statistics.h"

namespace spotmix::gpu {

enum class Medium { shared_memory, loopback };
/// The topology's name in a profile.
constexpr auto enum_names(Medium) {
  using enum Medium;
  return enum_table<Medium>({{shared_memory, "shared_memory"}, {loopback, "loopback"}});
}

struct TimedAllReduce {
  int ranks = 0;
  std::size_t bytes = 0;
  Times times;
};

/// One size after the other, `budget_s` in all. `algorithm` is "ring" or "tree"; sizes are multiples of 4.
/// Throws std::runtime_error when a sum is wrong or a rank fails.
std::vector<TimedAllReduce> time_all_reduce(Medium medium, const std::string& algorithm, int ranks,
                                            const std::vector<std::size_t>& sizes, double budget_s);

}  // namespace spotmix::gpu
