// The fleet of one replication: one slot for each instance that the mix wants, and what fills it.
//
// The fleet knows pools, prices and capacity; it knows neither training nor bills. A slot is empty, or holds
// an instance on its way from pending (not billed) through booting (billed) to ready (part of the gang).
// Pools are numbered within the mix: `market_pool` translates.
//
// Invariants: filled, ready and on_demand count the slots in those states; spot_in(pool) lists exactly the
// slots that hold a spot instance of that pool, each once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/fleet/mix.h"
#include "sim/fleet/policy.h"
#include "sim/market/pool_view.h"

namespace spotmix::sim {

enum class SlotState : std::uint8_t { empty, pending, booting, ready };

struct Slot {
  SlotState state = SlotState::empty;
  Purchase purchase = Purchase::spot;
  bool noticed = false;  ///< the provider has announced its end
  std::uint32_t group = 0;
  std::uint32_t pool = 0;      ///< number within the mix
  std::uint32_t instance = 0;  ///< number of the instance within the replication
  std::uint32_t place_in_pool = 0;
  Time running_since{0};     ///< meaningful when booting or ready
  Time empty_since{0};       ///< meaningful when empty
  EventHandle next_event{};  ///< of the instance's life
};

class Fleet {
 public:
  /// `market` and `mix` must outlive the fleet.
  Fleet(const Market& market, const Mix& mix);

  /// Empties every slot, at `start`.
  void reset(Time start);

  std::span<const Slot> slots() const { return slots_; }
  Slot& slot(std::uint32_t s) { return slots_[s]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }
  std::uint32_t filled() const { return filled_; }
  std::uint32_t ready() const { return ready_; }
  bool complete() const { return filled_ == size(); }
  bool all_ready() const { return ready_ == size(); }
  Running running() const;
  /// How long the longest-empty slot has been empty; zero when the fleet is complete.
  Duration missing_for(Time now) const;

  std::uint32_t pool_count() const { return static_cast<std::uint32_t>(views_.size()); }
  std::uint32_t market_pool(std::uint32_t pool) const { return market_pools_[pool]; }
  PoolView& view(std::uint32_t pool) { return views_[pool]; }
  std::span<const std::uint32_t> spot_in(std::uint32_t pool) const { return spot_in_[pool]; }

  /// The price above which a spot instance of this group does not run in this pool at `now`; nothing when its
  /// price does not matter (RULES.md 4 and 5).
  std::optional<HourlyPrice> price_limit(std::uint32_t group, std::uint32_t pool, Time now);

  /// Spot instances of `group` that `pool` would run at `now`, whoever holds them.
  int spot_capacity(std::uint32_t group, std::uint32_t pool, Time now);

  /// Whether the whole fleet could run as spot at `now`.
  bool spot_available(Time now);

  /// The pool for one more instance of `group` at `now`, by the group's allocation; nothing when there is
  /// none.
  std::optional<std::uint32_t> place(std::uint32_t group, Purchase purchase, Time now);

  /// Fills an empty slot. The caller moves it on from pending.
  void fill(std::uint32_t s, Purchase purchase, std::uint32_t pool);
  void mark_running(std::uint32_t s, Time now);
  void mark_ready(std::uint32_t s);
  void clear(std::uint32_t s, Time now);

 private:
  std::optional<std::uint32_t> place_spot(std::uint32_t group, Time now);
  std::optional<std::uint32_t> place_on_demand(std::uint32_t group, Time now);

  const Market* market_;
  const Mix* mix_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> market_pools_;
  std::vector<PoolView> views_;
  std::vector<std::vector<std::uint32_t>> pools_of_group_;  ///< numbers within the mix
  std::vector<std::vector<std::uint32_t>> spot_in_;
  std::vector<int> free_;  ///< scratch of spot_available
  std::uint32_t filled_ = 0;
  std::uint32_t ready_ = 0;
  std::uint32_t on_demand_ = 0;
  std::uint32_t launched_ = 0;
};

}  // namespace spotmix::sim
