// The event queue against the usual way to write one: std::priority_queue of std::function.
//
// hold: N events are pending; each iteration takes the earliest and schedules its successor after an
// exponential time (the "hold model" of Jones, "An Empirical Comparison of Priority-Queue and Event-Set
// Implementations", 1986). cancel: the same, and each iteration also cancels the event of a random entity and
// schedules another for it, as timeouts do; std::priority_queue cannot cancel, so its entries carry a stamp
// and those that are out of date are skipped. Both sides carry 32 bytes with every event and use them.
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/events/event_queue.h"
#include "base/random/random.h"

namespace {

using spotmix::EventHandle;
using spotmix::EventQueue;
using spotmix::Purpose;
using spotmix::RandomStream;

/// Random numbers made beforehand, so that only the queues are timed.
class Draws {
 public:
  explicit Draws(std::uint64_t entities) : delays_(kCount), entities_(kCount) {
    RandomStream stream(1, 0, 0, Purpose::interruption);
    for (std::int64_t& delay : delays_) delay = 1 + static_cast<std::int64_t>(stream.exponential(1e9));
    for (std::uint32_t& entity : entities_) entity = static_cast<std::uint32_t>(stream.below(entities));
  }
  std::int64_t delay() { return delays_[next_delay_++ % kCount]; }
  std::uint32_t entity() { return entities_[next_entity_++ % kCount]; }

 private:
  static constexpr std::size_t kCount = std::size_t{1} << 17;
  std::vector<std::int64_t> delays_;
  std::vector<std::uint32_t> entities_;
  std::size_t next_delay_ = 0;
  std::size_t next_entity_ = 0;
};

/// What an event carries: 32 bytes.
struct Payload {
  std::uint64_t entity;
  std::array<std::uint64_t, 3> data;
};
static_assert(sizeof(Payload) == 32);

template <bool kCancels>
class SpotmixQueue {
 public:
  explicit SpotmixQueue(std::uint64_t entities) : draws_(entities), handles_(kCancels ? entities : 0) {
    for (std::uint64_t entity = 0; entity < entities; ++entity) schedule(0, entity);
  }
  void hold() {
    const auto event = queue_.pop();
    sum_ += event.payload.data[0] + event.payload.data[2];
    now_ = event.ticks;
    schedule(event.ticks, event.payload.entity);
  }
  void cancel() {
    const std::uint32_t entity = draws_.entity();
    queue_.cancel(handles_[entity]);
    schedule(now_, entity);
  }
  std::uint64_t sum() const { return sum_; }

 private:
  void schedule(std::int64_t now, std::uint64_t entity) {
    const EventHandle handle = queue_.schedule(now + draws_.delay(), Payload{entity, {sum_, entity, 1}});
    if constexpr (kCancels) handles_[entity] = handle;
  }

  Draws draws_;
  EventQueue<Payload> queue_;
  std::vector<EventHandle> handles_;
  std::int64_t now_ = 0;
  std::uint64_t sum_ = 0;
};

template <bool kCancels>
class StandardQueue {
 public:
  explicit StandardQueue(std::uint64_t entities) : draws_(entities), stamps_(kCancels ? entities : 0) {
    for (std::uint64_t entity = 0; entity < entities; ++entity) schedule(0, entity);
  }
  void hold() {
    for (;;) {
      // top() is const, because changing it could break the order; it is popped at once, so moving is safe.
      Entry entry = std::move(const_cast<Entry&>(queue_.top()));
      queue_.pop();
      if constexpr (kCancels) {
        if (entry.stamp.count != stamps_[entry.stamp.entity]) continue;
      }
      now_ = entry.ticks;
      entry.action();
      return;
    }
  }
  void cancel() { schedule(now_, draws_.entity()); }
  std::uint64_t sum() const { return sum_; }

 private:
  struct NoStamp {};
  struct EntityStamp {
    std::uint32_t entity;
    std::uint32_t count;
  };
  struct Entry {
    std::int64_t ticks;
    std::uint64_t sequence;
    [[no_unique_address]] std::conditional_t<kCancels, EntityStamp, NoStamp> stamp;
    std::function<void()> action;
    bool operator<(const Entry& other) const {
      return ticks != other.ticks ? ticks > other.ticks : sequence > other.sequence;
    }
  };

  void schedule(std::int64_t now, std::uint64_t entity) {
    const auto action = [this, entity, a = sum_, b = std::uint64_t{1}] {
      sum_ += a + b;
      schedule(now_, entity);
    };
    static_assert(sizeof(action) == 32);
    if constexpr (kCancels) {
      const EntityStamp stamp{static_cast<std::uint32_t>(entity), ++stamps_[entity]};
      queue_.push({now + draws_.delay(), sequence_++, stamp, action});
    } else {
      queue_.push({now + draws_.delay(), sequence_++, {}, action});
    }
  }

  Draws draws_;
  std::priority_queue<Entry> queue_;
  std::vector<std::uint32_t> stamps_;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ = 0;
  std::uint64_t sum_ = 0;
};

/// Google Benchmark calls a benchmark several times with growing iterations; the queue is kept between calls,
/// already shuffled, so that only the steady state is timed.
template <template <bool> class Queue, bool kCancels>
void run(benchmark::State& state, std::uint64_t entities) {
  static std::unique_ptr<Queue<kCancels>> queue;
  static std::uint64_t made_for = 0;
  const auto iterate = [] {
    queue->hold();
    if constexpr (kCancels) queue->cancel();
  };
  if (made_for != entities) {
    queue.reset();
    queue = std::make_unique<Queue<kCancels>>(entities);
    made_for = entities;
    for (std::uint64_t i = 0; i < 2 * entities; ++i) iterate();
  }
  for ([[maybe_unused]] auto _ : state) iterate();
  benchmark::DoNotOptimize(queue->sum());
}

template <bool kCancels>
void register_for(const std::string& what) {
  for (const std::uint64_t entities : {1'000UL, 100'000UL, 1'000'000UL}) {
    const std::string name = what + std::to_string(entities);
    benchmark::RegisterBenchmark((name + "/spotmix").c_str(), run<SpotmixQueue, kCancels>, entities);
    benchmark::RegisterBenchmark((name + "/std_priority_queue").c_str(), run<StandardQueue, kCancels>,
                                 entities);
  }
}

const bool kRegistered = [] {
  register_for<false>("engine/hold/");
  register_for<true>("engine/cancel/");
  return true;
}();

}  // namespace
