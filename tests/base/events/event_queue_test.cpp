// The event queue against the plainest possible model: a list that is kept sorted.
#include "base/events/event_queue.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

using spotmix::EventHandle;
using spotmix::EventQueue;

namespace {

struct Payload {
  std::uint64_t id;
  std::array<std::uint64_t, 3> rest{};
};

struct Listed {
  std::int64_t ticks;
  unsigned phase;
  std::uint64_t id;
  EventHandle handle;
};

/// A list sorted by time and phase; equal events stay in order of scheduling.
class SortedList {
 public:
  void schedule(const Listed& event) {
    const auto after =
        std::upper_bound(events.begin(), events.end(), event, [](const Listed& a, const Listed& b) {
          return std::tie(a.ticks, a.phase) < std::tie(b.ticks, b.phase);
        });
    events.insert(after, event);
  }
  std::vector<Listed> events;
};

/// Random operations on both; every answer of the queue must be the list's.
template <class Queue>
void compare_with_sorted_list(Queue& queue, std::uint64_t seed, int operations, std::size_t target_size,
                              std::int64_t different_times) {
  std::mt19937_64 random(seed);
  SortedList list;
  std::vector<EventHandle> stale{EventHandle{}};
  std::uint64_t next_id = 0;
  for (int i = 0; i < operations; ++i) {
    const bool grow = list.events.size() < target_size;
    const std::uint64_t what = random() % 10;
    if (what < (grow ? 6U : 3U)) {
      const std::int64_t ticks =
          static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(different_times)) -
          different_times / 2;
      const auto phase = static_cast<unsigned>(random() % 8);
      const EventHandle handle = queue.schedule(ticks, Payload{next_id}, phase);
      list.schedule({ticks, phase, next_id++, handle});
    } else if (what < 8 && !list.events.empty()) {
      const auto event = queue.pop();
      REQUIRE(event.ticks == list.events.front().ticks);
      REQUIRE(event.payload.id == list.events.front().id);
      stale.push_back(list.events.front().handle);
      list.events.erase(list.events.begin());
    } else if (!list.events.empty()) {
      const auto victim = list.events.begin() + static_cast<std::ptrdiff_t>(random() % list.events.size());
      REQUIRE(queue.pending(victim->handle));
      REQUIRE(queue.cancel(victim->handle));
      stale.push_back(victim->handle);
      list.events.erase(victim);
    }
    const EventHandle old = stale[random() % stale.size()];
    REQUIRE_FALSE(queue.pending(old));
    REQUIRE_FALSE(queue.cancel(old));
    REQUIRE(queue.size() == list.events.size());
    REQUIRE(queue.empty() == list.events.empty());
    if (!list.events.empty()) REQUIRE(queue.next_ticks() == list.events.front().ticks);
  }
  for (const Listed& expected : list.events) {
    REQUIRE(queue.pending(expected.handle));
    REQUIRE(queue.pop().payload.id == expected.id);
  }
  REQUIRE(queue.empty());
}

}  // namespace

TEST_CASE("the event queue gives events in the order of a sorted list") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    EventQueue<Payload> queue;
    const std::size_t size = std::size_t{1} << (seed % 10);
    compare_with_sorted_list(queue, seed, 4000, size, seed % 2 == 0 ? 20 : 1'000'000);
  }
}

TEST_CASE("an event queue that was cleared serves the next replication like a new one") {
  EventQueue<Payload> queue;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    std::vector<EventHandle> before;
    for (std::int64_t i = 0; i < 100; ++i) before.push_back(queue.schedule(i * 7 % 13, Payload{0}));
    if (seed % 2 == 0) queue.pop();
    if (seed % 3 == 0) queue.cancel(before[50]);
    queue.clear();
    REQUIRE(queue.empty());
    compare_with_sorted_list(queue, seed, 1000, 50, 30);
    for (const EventHandle handle : before) REQUIRE_FALSE(queue.cancel(handle));
  }
}

TEST_CASE("renumbering the pending events keeps their order") {
  EventQueue<Payload, 7> queue;
  for (std::uint64_t seed = 0; seed < 20; ++seed) compare_with_sorted_list(queue, seed, 3000, 60, 10);
}

TEST_CASE("Events at one time come by phase and then in the order of scheduling") {
  EventQueue<int> queue;
  queue.schedule(5, 2, 1);
  queue.schedule(5, 0);
  queue.schedule(5, 3, 7);
  queue.schedule(5, 1);
  queue.schedule(4, -1, 7);
  for (int expected = -1; expected <= 3; ++expected) REQUIRE(queue.pop().payload == expected);
}

TEST_CASE("the whole range of ticks can be scheduled") {
  EventQueue<int> queue;
  queue.schedule(std::numeric_limits<std::int64_t>::max(), 3, 7);
  queue.schedule(0, 2);
  queue.schedule(-1, 1);
  queue.schedule(std::numeric_limits<std::int64_t>::min(), 0);
  for (int expected = 0; expected <= 3; ++expected) REQUIRE(queue.pop().payload == expected);
}

TEST_CASE("a queue that is full says so and stays usable") {
  EventQueue<int, 4> queue;
  for (int i = 0; i < 16; ++i) queue.schedule(i, i);
  REQUIRE_THROWS_AS(queue.schedule(0, 16), std::length_error);
  REQUIRE(queue.pop().payload == 0);
  queue.schedule(1, 16);
  for (const int expected : {1, 16, 2, 3}) REQUIRE(queue.pop().payload == expected);
}
