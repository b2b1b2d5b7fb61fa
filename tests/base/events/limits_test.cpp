// A simulation that would not end is stopped, with an error that says why.
#include "base/events/limits.h"

#include <array>
#include <limits>
#include <optional>
#include <string_view>

#include <catch2/catch.hpp>

using spotmix::BrokenLimit;
using spotmix::EngineGuard;
using spotmix::Limits;
using spotmix::SimulationError;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array<std::string_view, 3> kNames{"launch", "failure", "retry"};

template <class Run>
std::optional<SimulationError> error_of(Run run) {
  try {
    run();
  } catch (const SimulationError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("A simulation may use all its events and not one more") {
  EngineGuard guard(Limits{.max_events = 5});
  for (int i = 0; i < 5; ++i) guard.on_event(i / 2 * kSecond, 0);
  REQUIRE(guard.events() == 5);
  const auto error = error_of([&] { guard.on_event(2 * kSecond, 0); });
  REQUIRE(error);
  CHECK(error->limit() == BrokenLimit::events);
  CHECK(std::string_view(error->what()) == "more than 5 events, at 2 s");
}

TEST_CASE("An event may happen at the maximum time and not later") {
  EngineGuard guard(Limits{.max_ticks = 10 * kSecond});
  guard.on_event(10 * kSecond, 0);
  const auto error = error_of([&] { guard.on_event(10 * kSecond + 1, 0); });
  REQUIRE(error);
  CHECK(error->limit() == BrokenLimit::time);
  CHECK(error->ticks() == 10 * kSecond + 1);
  CHECK(std::string_view(error->what()) == "an event at 10.000000001 s lies beyond the limit of 10 s");
}

TEST_CASE("events that cause each other at one time are named") {
  EngineGuard guard(Limits{.max_events_at_one_time = 100}, kNames);
  guard.on_event(kSecond, 0);
  const auto error = error_of([&] {
    for (int i = 0;; ++i) guard.on_event(3 * kSecond, i % 4 == 0 ? 1 : 2);
  });
  REQUIRE(error);
  CHECK(error->limit() == BrokenLimit::loop);
  CHECK(guard.events() == 1 + 200);
  REQUIRE(error->kinds().size() == 2);
  CHECK(error->kinds()[0].kind == 2);
  CHECK(error->kinds()[0].count == 75);
  CHECK(
      std::string_view(error->what()) ==
      "events cause each other without time moving on, at 3 s: after 100 events at that time, the next were "
      "retry (75 times), failure (25 times)");
}

TEST_CASE("Many events are no loop while time moves on and a burst within the limit is none either") {
  EngineGuard guard(Limits{.max_events_at_one_time = 100});
  for (std::int64_t second = 0; second < 100; ++second) {
    for (int i = 0; i < 200; ++i) guard.on_event(second * kSecond, 0);
  }
  CHECK(guard.events() == 20'000);
}

TEST_CASE("a kind without a name is named by its number") {
  EngineGuard guard(Limits{.max_events_at_one_time = 10}, kNames);
  const auto error = error_of([&] {
    for (;;) guard.on_event(0, 7);
  });
  REQUIRE(error);
  CHECK(std::string_view(error->what()).find("kind 7 (10 times)") != std::string_view::npos);
}

TEST_CASE("time never runs backwards") {
  EngineGuard guard;
  guard.on_event(5 * kSecond, 0);
  const auto error = error_of([&] { guard.on_event(4 * kSecond, 0); });
  REQUIRE(error);
  CHECK(error->limit() == BrokenLimit::order);
  CHECK(std::string_view(error->what()) == "an event at 4 s comes after one at 5 s");
}

TEST_CASE("a guard that was reset starts from the beginning") {
  EngineGuard guard(Limits{.max_events = 3});
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3; ++i) guard.on_event(-7, 0);
    guard.reset();
    CHECK(guard.events() == 0);
  }
}
