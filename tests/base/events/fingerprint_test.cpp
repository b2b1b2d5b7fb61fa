// The fingerprint of a history changes with everything that happened, and with nothing else.
#include "base/events/fingerprint.h"

#include <cstdint>
#include <limits>
#include <set>

#include <catch2/catch.hpp>

using spotmix::Fingerprint;

namespace {

std::uint64_t of_one(std::int64_t ticks, std::uint32_t kind, std::uint32_t entity, std::int64_t cents) {
  Fingerprint fingerprint;
  fingerprint.add(ticks, kind, entity, cents);
  return fingerprint.value();
}

}  // namespace

TEST_CASE("The fingerprint of a given history is pinned on any machine") {
  Fingerprint fingerprint;
  fingerprint.add(0, 1, 2, 3);
  fingerprint.add(std::numeric_limits<std::int64_t>::max(), 0xffffffff, 0xffffffff, -1);
  CHECK(fingerprint.value() == 0x43dfefe2f46974f9);
}

TEST_CASE("Time kind entity and cents each change the fingerprint") {
  std::set<std::uint64_t> values;
  for (std::int64_t ticks = -10; ticks <= 10; ++ticks) {
    for (std::uint32_t kind = 0; kind < 10; ++kind) {
      for (std::uint32_t entity = 0; entity < 10; ++entity) {
        for (std::int64_t cents = -5; cents < 5; ++cents) values.insert(of_one(ticks, kind, entity, cents));
      }
    }
  }
  CHECK(values.size() == 21UL * 10 * 10 * 10);
}

TEST_CASE("the order of events changes the fingerprint") {
  Fingerprint one;
  one.add(5, 1, 0, 0);
  one.add(5, 2, 0, 0);
  Fingerprint other;
  other.add(5, 2, 0, 0);
  other.add(5, 1, 0, 0);
  CHECK(one.value() != other.value());
}

TEST_CASE("One event more or less changes the fingerprint even if it is all zeros") {
  Fingerprint one;
  const std::uint64_t nothing = one.value();
  one.add(0, 0, 0, 0);
  CHECK(one.value() != nothing);
  Fingerprint two = one;
  two.add(0, 0, 0, 0);
  CHECK(one.value() != two.value());
}

TEST_CASE("a changed bit early in a history changes about half of the bits of its fingerprint") {
  int changed = 0;
  for (int bit = 0; bit < 63; ++bit) {
    Fingerprint one;
    Fingerprint other;
    one.add(0, 0, 0, 0);
    other.add(std::int64_t{1} << bit, 0, 0, 0);
    for (int i = 0; i < 5; ++i) {
      one.add(i, 1, 2, 3);
      other.add(i, 1, 2, 3);
    }
    changed += __builtin_popcountll(one.value() ^ other.value());
  }
  CHECK(changed / 63.0 == Approx(32.0).margin(2.5));
}
