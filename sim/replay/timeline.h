// The story of one replication, event by event, for timelines and charts. Recorded only when asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "base/enums/enums.h"
#include "base/units/time.h"
#include "sim/billing/bill.h"

namespace spotmix::sim {

enum class TimelineKind : std::uint8_t {
  launch_requested,
  launch_failed,
  instance_running,
  instance_ready,
  rebalance_recommendation,
  notice,
  interrupted,
  stopped,
  restart_begun,
  training_begun,
  checkpoint_begun,
  checkpoint_saved,
  work_lost,
  finished,
  out_of_time,
  waiting_begun,  ///< training or a restart ended because the gang cannot go on; in stories only
};
constexpr auto enum_names(TimelineKind) {
  using enum TimelineKind;
  return enum_table<TimelineKind>({{launch_requested, "launch_requested"},
                                   {launch_failed, "launch_failed"},
                                   {instance_running, "instance_running"},
                                   {instance_ready, "instance_ready"},
                                   {rebalance_recommendation, "rebalance_recommendation"},
                                   {notice, "notice"},
                                   {interrupted, "interrupted"},
                                   {stopped, "stopped"},
                                   {restart_begun, "restart_begun"},
                                   {training_begun, "training_begun"},
                                   {checkpoint_begun, "checkpoint_begun"},
                                   {checkpoint_saved, "checkpoint_saved"},
                                   {work_lost, "work_lost"},
                                   {finished, "finished"},
                                   {out_of_time, "out_of_time"},
                                   {waiting_begun, "waiting_begun"}});
}

inline constexpr std::uint32_t kNoInstance = 0xffffffff;

struct TimelineEvent {
  Time at{};
  TimelineKind kind{};
  std::uint32_t instance = kNoInstance;  ///< kNoInstance: concerns the whole job
  std::uint32_t pool = 0;                ///< with an instance: index into Market::pools
  Purchase purchase = Purchase::spot;
  Duration progress{0};  ///< work done when it happened
  Money cost;            ///< billed for that instance when it ended; otherwise zero
};

/// The record of one replication of one mix.
struct ReplicationRecord {
  Time start{};
  std::vector<TimelineEvent> timeline;
  std::vector<BillLine> bill;
};

}  // namespace spotmix::sim
