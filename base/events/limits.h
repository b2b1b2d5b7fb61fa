// What keeps a simulation from running forever: limits on events and on time, and the detection of events
// that cause each other without time moving on.
//
// Watching costs one comparison and one increment per event. Kinds of events are counted only once a burst at
// one time has grown suspicious, so that the error can name the kinds that loop.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix {

struct Limits {
  std::uint64_t max_events = 1'000'000'000;
  std::int64_t max_ticks = std::numeric_limits<std::int64_t>::max();
  /// More events than this at one time are suspicious; as many again are counted by kind, and then it is a
  /// loop. A fleet of 100,000 instances that start at once must stay far below.
  std::uint64_t max_events_at_one_time = 5'000'000;
  double ticks_per_second = 1e9;  ///< for messages only
};

enum class BrokenLimit { events, time, loop, order };

/// A simulation that cannot go on; what() is one line that names the limit, its value and the simulated time.
class SimulationError : public std::runtime_error {
 public:
  struct KindCount {
    unsigned kind;
    std::uint64_t count;
  };

  SimulationError(BrokenLimit limit, std::int64_t ticks, std::vector<KindCount> kinds,
                  const std::string& message)
      : std::runtime_error(message), limit_(limit), ticks_(ticks), kinds_(std::move(kinds)) {}

  BrokenLimit limit() const { return limit_; }
  std::int64_t ticks() const { return ticks_; }
  /// The kinds of events that loop, most frequent first; empty for other limits.
  const std::vector<KindCount>& kinds() const { return kinds_; }

 private:
  BrokenLimit limit_;
  std::int64_t ticks_;
  std::vector<KindCount> kinds_;
};

/// Watches the events of one replication, in the order in which they happen.
class EngineGuard {
 public:
  /// `kind_names[kind]`, where there is one, names a kind in messages; the names must outlive the guard.
  explicit EngineGuard(const Limits& limits = {}, std::span<const std::string_view> kind_names = {})
      : limits_(limits), kind_names_(kind_names) {
    reset();
  }

  /// To be called with every event. Throws SimulationError when a limit is crossed: the event after the last
  /// allowed one, an event after max_ticks, a loop, or an event before its predecessor.
  void on_event(std::int64_t ticks, unsigned kind) {
    if (ticks != now_) move_to(ticks);
    if (events_ >= alarm_) on_alarm(kind);
    ++events_;
  }

  std::uint64_t events() const { return events_; }

  /// Ready for the next replication.
  void reset();

 private:
  void move_to(std::int64_t ticks) {
    if (ticks < now_ || ticks > limits_.max_ticks) refuse_time(ticks);
    now_ = ticks;
    burst_begin_ = events_;
    const std::uint64_t left = limits_.max_events - events_;
    alarm_ = events_ + (left < limits_.max_events_at_one_time ? left : limits_.max_events_at_one_time);
  }
  void on_alarm(unsigned kind);
  [[noreturn]] void refuse_time(std::int64_t ticks) const;
  [[noreturn]] void refuse_loop() const;
  std::string seconds(std::int64_t ticks) const;
  std::string name(unsigned kind) const;

  Limits limits_;
  std::span<const std::string_view> kind_names_;
  std::int64_t now_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t burst_begin_ = 0;  ///< the number of events before the current time
  std::uint64_t alarm_ = 0;        ///< with this many events done, the next needs a closer look
  std::vector<std::uint64_t> counts_;
};

}  // namespace spotmix
