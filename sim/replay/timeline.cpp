#include "sim/replay/timeline.h"

#include <array>

namespace spotmix::sim {

const char* name_of(TimelineKind kind) {
  constexpr std::array<const char*, 16> kNames{"launch_requested",
                                               "launch_failed",
                                               "instance_running",
                                               "instance_ready",
                                               "rebalance_recommendation",
                                               "notice",
                                               "interrupted",
                                               "stopped",
                                               "restart_begun",
                                               "training_begun",
                                               "checkpoint_begun",
                                               "checkpoint_saved",
                                               "work_lost",
                                               "finished",
                                               "out_of_time",
                                               "waiting_begun"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace spotmix::sim
