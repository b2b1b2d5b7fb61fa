// The story of a replication as spans of time: what the job and each instance were doing, from when to when.
//
// One place derives them from the timeline's events, for every report that draws them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/enums/enums.h"
#include "reports/results/report.h"

namespace spotmix::reports {

enum class Activity : std::uint8_t {
  // Of an instance.
  pending,  ///< asked for, not billed yet
  boot,
  ready,
  // Of the job.
  waiting,
  restart,  ///< set-up of the gang, reading the checkpoint
  training,
  checkpoint,  ///< writing one while training waits
  lost,        ///< training that was undone later, by the loss of an instance
};
constexpr auto enum_names(Activity) {
  using enum Activity;
  return enum_table<Activity>({{pending, "pending"},
                               {boot, "boot"},
                               {ready, "ready"},
                               {waiting, "waiting"},
                               {restart, "restart"},
                               {training, "training"},
                               {checkpoint, "checkpoint"},
                               {lost, "lost"}});
}

struct Span {
  Activity activity{};
  Time from{};
  Time to{};

  bool operator==(const Span&) const = default;
};

/// A moment at which something happened.
struct Mark {
  sim::TimelineKind kind{};
  Time at{};
};

/// Of the job, or of one instance. Spans do not overlap, are in order of time, and none is empty.
struct Track {
  std::uint32_t instance = sim::kNoInstance;  ///< kNoInstance: the job
  std::uint32_t pool = 0;                     ///< of an instance: index into Report::pools
  sim::Purchase purchase = sim::Purchase::spot;
  std::vector<Span> spans;
  std::vector<Mark> marks;
};

/// The job's track, then the instances' in order of their numbers.
std::vector<Track> tracks_of(const Replay& replay);

}  // namespace spotmix::reports
