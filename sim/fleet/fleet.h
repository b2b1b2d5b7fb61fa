// The fleet of one replication: slots for the instances that the mix wants, and what fills them.
//
// The fleet knows pools, prices, capacity and quotas; it knows neither training nor bills. A slot is empty,
// or holds an instance on its way from pending (not billed) through booting (billed) to ready (part of the
// gang). An instance counts for its pool's weight in units; a group is met when the units of its instances
// reach its count. Pools are numbered within the mix: `market_pool` translates.
//
// Invariants: the counters of units and instances agree with the slots; spot_in(pool) lists exactly the slots
// that hold a spot instance of that pool, each once; no quota is exceeded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/events/event_queue.h"
#include "sim/fleet/crossings.h"
#include "sim/fleet/mix.h"
#include "sim/fleet/policy.h"
#include "sim/market/pool_view.h"

namespace spotmix::sim {

/// The market's regions that the mix's pools are in, in the order in which the mix names them. RegionSet and
/// SurroundingCosts::hops number them so: other mixes do not matter.
std::vector<std::uint32_t> regions_of(const Market& market, const Mix& mix);

enum class SlotState : std::uint8_t { empty, pending, booting, ready };

struct Slot {
  SlotState state = SlotState::empty;
  Purchase purchase = Purchase::spot;
  bool noticed = false;           ///< the provider has announced its end
  bool leaves_at_change = false;  ///< chosen for the pool's next change
  bool recommended = false;       ///< the provider has recommended to replace it
  bool at_risk = false;           ///< it will end, and a replacement is wanted
  std::uint32_t group = 0;
  std::uint32_t pool = 0;      ///< number within the mix
  std::uint32_t instance = 0;  ///< number of the instance within the replication
  std::uint32_t place_in_pool = 0;
  std::uint32_t launch = 0;  ///< number of its launch among those of its pool, from 1
  std::uint32_t type = 0;    ///< in Mix::compositions, where it has any
  int units = 1;
  Time running_since{};      ///< meaningful when booting or ready
  Time ends_at = kNever;     ///< when the provider will take it, where its lifetime was drawn
  EventHandle next_event{};  ///< of the instance's start
  EventHandle end_event{};   ///< of its drawn end, or of what announces it
};

class Fleet {
 public:
  /// `market` and `mix` must outlive the fleet.
  Fleet(const Market& market, const Mix& mix);

  /// Empties every slot, at `start`.
  void reset(Time start);

  std::span<const Slot> slots() const { return slots_; }
  Slot& slot(std::uint32_t s) { return slots_[s]; }
  const Slot& slot(std::uint32_t s) const { return slots_[s]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }
  bool empty() const { return filled_ == 0; }
  /// Every group has the units that it wants; at-risk instances do not count.
  bool complete() const { return unmet_ == 0; }
  /// ... and all of them are ready.
  bool all_ready() const { return unready_ == 0; }
  /// ... or those that it has, at-risk ones among them, are as many and ready.
  bool able() const;
  /// At-risk ones among them: they work until they are gone.
  int ready_units() const { return ready_units_; }
  int wanted_units() const { return wanted_units_; }
  /// Whether the gang's speed depends on which instances it has.
  bool has_compositions() const { return !mix_->compositions.empty(); }
  /// Of the instances that are ready, in the order of slots: in each group as many as it asks for, those at
  /// risk last, and of all no more than fit in `most_units`. nullptr if the mix lists no such composition.
  const Composition* composition(int most_units) const;
  /// Of the instances in these slots.
  const Composition* composition_in(std::span<const std::uint32_t> slots) const;
  bool group_met(std::uint32_t group) const { return groups_[group].units >= mix_->groups[group].count; }
  int missing_units(std::uint32_t group) const { return mix_->groups[group].count - groups_[group].units; }
  Running running() const;
  /// How long the group that has been short of instances for longest has been so; zero when the fleet is
  /// complete.
  Duration missing_for(Time now) const;

  std::uint32_t pool_count() const { return static_cast<std::uint32_t>(views_.size()); }
  std::uint32_t market_pool(std::uint32_t pool) const { return market_pools_[pool]; }
  PoolView& view(std::uint32_t pool) { return views_[pool]; }
  std::span<const std::uint32_t> spot_in(std::uint32_t pool) const { return spot_in_[pool]; }
  std::span<const std::uint32_t> pools_of(std::uint32_t group) const { return groups_[group].pools; }
  std::uint32_t zone_count() const { return zones_; }
  std::uint32_t zone_of(std::uint32_t pool) const { return zone_of_pool_[pool]; }
  /// Of the random streams of a pool and of a zone: by name, so that they are the same for every mix.
  std::uint64_t pool_entity(std::uint32_t pool) const { return pool_entities_[pool]; }
  std::uint64_t zone_entity(std::uint32_t zone) const { return zone_entities_[zone]; }
  /// Zones that ready instances are in.
  int zones_in_use() const;
  /// Regions that ready instances are in.
  RegionSet regions_in_use() const;
  /// To be called after the market's series have changed.
  void rewind_market();

  /// The price above which a spot instance of this group does not run in this pool at `now`; nothing when its
  /// price does not matter (docs/rules.md 4 and 5). A maximum price is per unit of weight (docs/rules.md 16).
  std::optional<HourlyPrice> price_limit(std::uint32_t group, std::uint32_t pool, Time now);

  /// Whether the whole fleet could run as spot at `now`.
  bool spot_available(Time now);

  /// The pool for one more instance of `group` at `now`, by the group's allocation; nothing when there is
  /// none. What the gang could never train with is not bought.
  std::optional<std::uint32_t> place(std::uint32_t group, Purchase purchase, Time now);

  /// Whether all that `group` misses could start at `now`.
  bool could_place_all(std::uint32_t group, Purchase purchase, Time now);

  /// With a single zone: whether a zone other than the one in use could take the whole fleet at `now`.
  bool other_zone_available(Time now);

  /// An empty slot of `group`; nothing when replacements of replacements have filled them all.
  std::optional<std::uint32_t> empty_slot(std::uint32_t group) const;

  /// Fills an empty slot. The caller moves it on from pending.
  void fill(std::uint32_t s, Purchase purchase, std::uint32_t pool);
  void mark_running(std::uint32_t s, Time now);
  void mark_ready(std::uint32_t s);
  /// A replacement is wanted: its units no longer count towards what the group has, until it is gone.
  void mark_at_risk(std::uint32_t s, Time now);
  void clear(std::uint32_t s, Time now);

 private:
  struct GroupState {
    std::vector<std::uint32_t> pools;  ///< numbers within the mix
    std::vector<int> weights;
    std::vector<std::uint32_t> types;
    std::uint32_t first_slot = 0;
    std::uint32_t slots = 0;
    int units = 0;        ///< of its instances that are not at risk
    int ready_units = 0;  ///< of those, ready
    int ready_at_risk = 0;
    Time short_since{};
  };
  struct QuotaUse {
    int spot_vcpus = 0;
    int on_demand_vcpus = 0;
  };
  /// A fleet that is filled in thought.
  struct Trial {
    Compositions::Key held = 0;
    std::uint32_t unmet = 0;  ///< groups that miss units, the one that is filled among them
  };

  void count_units(std::uint32_t group, int units, int ready_units, Time now);
  void count_ready_at_risk(std::uint32_t group, int units);
  std::size_t place_of(std::uint32_t group, std::uint32_t pool) const;
  int weight_of(std::uint32_t group, std::uint32_t pool) const;
  bool may_add(const Trial& trial, std::uint32_t group, std::size_t i, int missing) const;
  int add(Trial& trial, std::uint32_t group, std::size_t i, int missing, int most) const;
  int spot_left(std::uint32_t group, std::uint32_t pool, Time now);
  int quota_left(std::uint32_t pool, Purchase purchase) const;
  Purchase planned(std::uint32_t other, std::uint32_t group, Purchase purchase) const;
  bool allowed_zone(std::uint32_t pool) const;
  bool zone_fits(std::uint32_t zone, Time now, bool all_spot);
  bool group_fits(std::uint32_t group, std::uint32_t zone, Time now, Trial& trial);
  std::optional<std::int64_t> price_in_zone(std::uint32_t group, Purchase purchase, std::uint32_t zone,
                                            Time now);
  void choose_zone(std::uint32_t group, Purchase purchase, Time now);
  std::optional<std::uint32_t> place_spot(std::uint32_t group, Time now);
  std::optional<std::uint32_t> place_on_demand(std::uint32_t group, Time now);
  std::optional<std::uint32_t> place_reserved(std::uint32_t group) const;

  static constexpr std::uint32_t kNoZone = 0xffffffff;

  const Market* market_;
  const Mix* mix_;
  std::vector<Slot> slots_;
  std::vector<GroupState> groups_;
  std::vector<std::uint32_t> market_pools_;
  std::vector<PoolView> views_;
  std::vector<std::uint32_t> zone_of_pool_;
  std::uint32_t zones_ = 0;
  std::vector<std::uint32_t> region_of_pool_;  ///< number within the mix
  bool one_region_ = true;
  std::vector<std::uint64_t> pool_entities_;
  std::vector<std::uint64_t> zone_entities_;
  std::vector<std::vector<std::uint32_t>> spot_in_;
  std::vector<QuotaUse> quota_use_;
  std::vector<int> free_;         ///< scratch of zone_fits: instances left in each pool; −1: not asked yet
  std::vector<int> free_vcpus_;   ///< scratch: vCPUs left under each quota
  std::uint32_t zone_ = kNoZone;  ///< with a single zone: the one in use
  Compositions::Key held_ = 0;    ///< instances that are not at risk, where there are compositions
  int wanted_units_ = 0;
  int ready_units_ = 0;
  std::uint32_t unmet_ = 0;    ///< groups that miss units
  std::uint32_t unready_ = 0;  ///< groups whose units are not all there and ready
  std::uint32_t filled_ = 0;
  std::uint32_t on_demand_ = 0;
  std::uint32_t launched_ = 0;
};

}  // namespace spotmix::sim
