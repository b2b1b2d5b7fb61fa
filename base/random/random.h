// Random numbers that depend on what they are for, never on when they are drawn.
//
// Philox4x64-10 (Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011), a
// counter-based generator: a stream is a function of (seed, replication, entity, purpose) and of nothing
// else, so threads, shards and the order in which streams are used cannot change a result. The key is (seed,
// replication); the counter is (block, entity, purpose, 0), so two different streams never overlap.
//
// All results are the same bits on every machine with IEEE-754 doubles: no transcendental of the C library.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/random/reproducible_log.h"

namespace spotmix {

/// What a stream's numbers decide. The values are part of every result: never renumber, only append.
enum class Purpose : std::uint64_t {
  start_time = 1,           ///< when in the trace a replication starts
  interruption = 2,         ///< time to interruption of an instance, where drawn from a distribution
  interruption_choice = 3,  ///< which instances go when a pool's capacity falls
  launch_delay = 4,
  launch_failure = 5,
  boot_time = 6,
  placement = 7,  ///< ties between pools
  price_path = 8,
  capacity_path = 9,
  step_noise = 10,
  zone_reclaim = 11,         ///< when a zone takes instances back
  zone_reclaim_choice = 12,  ///< and which
  step_error = 13,           ///< by how much the step time of a device, model and software is off
};

/// The number of an entity that has a name, the same whatever else there is (FNV-1a, Fowler, Noll and Vo):
/// mixes that name one zone share its luck.
constexpr std::uint64_t entity_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// One stream. Entities are numbered by the caller: an instance, a pool, a group, or 0 for the whole job.
class RandomStream {
 public:
  using result_type = std::uint64_t;  ///< satisfies std::uniform_random_bit_generator

  RandomStream(std::uint64_t seed, std::uint64_t replication, std::uint64_t entity, Purpose purpose)
      : key_{seed, replication}, counter_{0, entity, static_cast<std::uint64_t>(purpose), 0} {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return next_u64(); }

  std::uint64_t next_u64() {
    if (used_ == block_.size()) next_block();
    return block_[used_++];
  }

  /// In [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

  /// In 0 … n − 1, each equally likely; n must not be 0. Lemire, "Fast Random Integer Generation in an
  /// Interval", 2019: the rare draws that would favour some values are drawn again.
  std::uint64_t below(std::uint64_t n) {
    assert(n != 0);
    Wide product = Wide{next_u64()} * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t biased = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < biased) product = Wide{next_u64()} * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// Exponentially distributed with the given mean (in the mean's unit), by inversion; never infinite.
  double exponential(double mean) { return -mean * reproducible_log(1.0 - uniform()); }

 private:
  __extension__ using Wide = unsigned __int128;

  /// Fills `block_` and counts on. Out of line: Random123's headers would come with it into most files.
  void next_block();

  std::array<std::uint64_t, 2> key_;
  std::array<std::uint64_t, 4> counter_;
  std::array<std::uint64_t, 4> block_{};
  std::size_t used_ = 4;
};

}  // namespace spotmix
