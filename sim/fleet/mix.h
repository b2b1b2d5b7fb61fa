// What a planner compares: a mix is a set of groups of instances that train together, and how they are run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/units/money.h"
#include "sim/units/time.h"

namespace spotmix::sim {

enum class Purchase : std::uint8_t { spot, on_demand };

/// How a group's instances are spread over its pools (RULES.md 16).
enum class Allocation : std::uint8_t {
  lowest_price,  ///< the cheapest pool that has capacity, then the next
  diversified,   ///< evenly over the pools whose spot price is below on demand
};

struct Group {
  std::string instance_type;
  Purchase purchase = Purchase::spot;
  std::vector<std::uint32_t>
      pools;  ///< indices into Market::pools, in the order the scenario names the zones
  int count = 1;
  std::optional<HourlyPrice> max_price;  ///< spot only; the auction's default is the on-demand price
  Allocation allocation = Allocation::lowest_price;
};

/// Decides at each decision point how the fleet should be bought; sim/fleet/policy.h says what each does.
enum class PolicyKind : std::uint8_t {
  fixed,
  on_demand_fallback,
  on_demand,
  spot_only,
  greedy,
  rc_threshold,
  uniform_progress,
  pair_amortize,
  pair_amortize_average,
  ideal_no_overhead,
};

struct PolicySpec {
  PolicyKind kind = PolicyKind::fixed;
  /// Time between decisions; zero: decide whenever something changes. Policies that watch a deadline need
  /// one.
  Duration decision_interval{0};
  Duration fallback_wait{
      minutes{30}};               ///< on_demand_fallback: how long a missing spot instance is waited for
  Duration pair_slice{hours{8}};  ///< pair_amortize: length of a slice
  /// Adds to the policy the rule that near the deadline only on demand, or a spot instance whose restart is
  /// paid, may run (the guarantee of REFERENCE.md).
  bool guarantee_deadline = false;
};

struct LaunchSpec {
  Duration pending{0};         ///< from request to `running`, not billed
  Duration boot{0};            ///< from `running` until the instance can join the gang, billed
  Duration retry{minutes{1}};  ///< between attempts where no trace tells when the market changes
};

struct CheckpointSpec {
  enum class Kind : std::uint8_t { none, interval, continuous };
  Kind kind = Kind::interval;
  Duration interval{minutes{30}};  ///< training time between checkpoints
  Duration write{0};               ///< time to write one; training pauses meanwhile
  Duration read{0};                ///< time to read one back at a restart
  bool on_notice = false;          ///< also write one at an interruption notice when it fits in the time left
};

struct RecoverySpec {
  CheckpointSpec checkpoint;
  Duration restart{
      0};  ///< set-up each time the gang (re)starts, before it trains, besides reading the checkpoint
};

struct Mix {
  std::string name;
  std::vector<Group> groups;
  PolicySpec policy;
  LaunchSpec launch;
  RecoverySpec recovery;
  /// Training time of the whole job on the whole gang, without any interruption.
  Duration work{0};
  /// Why this mix cannot train the model at all; such a mix is reported, not replayed.
  std::optional<std::string> infeasible_reason;
};

}  // namespace spotmix::sim
