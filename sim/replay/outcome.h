// What one replication of one mix came to.
#pragma once

#include <cstdint>

#include "base/units/money.h"
#include "base/units/time.h"

namespace spotmix::sim {

/// 32 bytes, because a batch keeps one for each mix and replication.
struct ReplicationOutcome {
  Duration time_to_train{-1};  ///< negative: unfinished when the trace or the horizon ended
  Money cost;
  std::uint64_t fingerprint = 0;
  std::uint32_t interruptions = 0;
  float goodput = 0;  ///< useful instance time ÷ billed instance time

  bool finished() const { return time_to_train.count() >= 0; }
};
static_assert(sizeof(ReplicationOutcome) == 32);

}  // namespace spotmix::sim
