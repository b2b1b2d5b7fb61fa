// One number for what happened: a hash of every event's time, kind, entity and money, in order.
//
// Two runs with equal fingerprints did the same things at the same times; a change in behaviour shows even
// when the totals agree by luck. (After the fingerprints of OMNeT++, which compare runs the same way.)
//
// Each word w updates h ← g((h xor w) · M), with M odd and g(x) = x xor (x >> 32). Every step is a bijection
// of h for a fixed word and of the word for a fixed h, so histories that differ in exactly one word never
// agree, and others agree with probability 2^-64. The arithmetic is on values, not on bytes: any byte order
// gives the same number. Not for adversaries.
#pragma once

#include <cstdint>

namespace spotmix {

class Fingerprint {
 public:
  /// One event. `kind` and `entity` are the caller's numbers; `cents` is what the event cost, or 0.
  constexpr void add(std::int64_t ticks, std::uint32_t kind, std::uint32_t entity, std::int64_t cents) {
    add(static_cast<std::uint64_t>(ticks));
    add(std::uint64_t{kind} << 32 | entity);
    add(static_cast<std::uint64_t>(cents));
  }

  /// Any further word: the fingerprint of a part, in the order of the parts.
  constexpr void add(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x9e3779b97f4a7c15;  // 2^64 ÷ the golden ratio, made odd
    value_ ^= value_ >> 32;
  }

  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0x243f6a8885a308d3;  // the first digits of π after the point
};

}  // namespace spotmix
