// What a planner compares: a mix is a set of groups of instances that train together, and how they are run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "base/units/money.h"
#include "base/units/time.h"
#include "sim/fleet/compositions.h"
#include "sim/fleet/step_error.h"

namespace spotmix::sim {

/// Reserved instances are always available; their commitment is paid whether they run or not (docs/rules.md
/// 7).
enum class Purchase : std::uint8_t { spot, on_demand, reserved };
constexpr auto enum_names(Purchase) {
  using enum Purchase;
  return enum_table<Purchase>({{spot, "spot"}, {on_demand, "on_demand"}, {reserved, "reserved"}});
}

/// How a group's instances are spread over its pools (docs/rules.md 16).
enum class Allocation : std::uint8_t {
  lowest_price,              ///< the cheapest pool (per unit of weight) that has capacity, then the next
  diversified,               ///< evenly over the pools whose spot price is below on demand
  capacity_optimized,        ///< the pool with the most capacity left
  price_capacity_optimized,  ///< of the pools with the most capacity left, the cheapest
  prioritized,               ///< the first in the order given that has capacity
};
constexpr auto enum_names(Allocation) {
  using enum Allocation;
  return enum_table<Allocation>({{lowest_price, "lowest_price"},
                                 {diversified, "diversified"},
                                 {capacity_optimized, "capacity_optimized"},
                                 {price_capacity_optimized, "price_capacity_optimized"},
                                 {prioritized, "prioritized"}});
}

struct Group {
  std::string instance_type;  ///< several are joined by " + "
  Purchase purchase = Purchase::spot;
  /// Indices into Market::pools, in the order in which the scenario names them.
  std::vector<std::uint32_t> pools;
  /// Units that one instance of each pool counts for, beside `pools`; empty: one each.
  std::vector<int> weights;
  /// Beside `pools`, the number of each pool's instance type in Mix::compositions; empty: the mix has none.
  std::vector<std::uint32_t> types;
  int count = 1;                         ///< units wanted: instances, where nothing has a weight
  std::optional<HourlyPrice> max_price;  ///< spot only; the auction's default is the on-demand price
  Allocation allocation = Allocation::lowest_price;
  /// A launch group (docs/rules.md 17): starts only when all its missing instances can start, and ends
  /// together.
  bool launch_together = false;
};

/// How many of `count` units are on demand in an Auto Scaling group (docs/rules.md 16): the base, and the
/// percentage of the rest, rounded up. `percentage` is 0 … 100.
int on_demand_units(int count, int base, int percentage);

/// Which policy decides how the fleet is bought, and its settings; sim/fleet/policy.h.
struct PolicySpec {
  std::string name = "fixed";  ///< of the registry, sim/fleet/policies/registry.cpp
  /// Time between decisions; zero: decide whenever something changes. Policies that watch a deadline need
  /// one.
  Duration decision_interval{0};
  /// on_demand_fallback: how long a missing spot instance is waited for.
  Duration fallback_wait{minutes{30}};
  Duration pair_slice{hours{8}};  ///< pair_amortize: length of a slice
  /// Adds to the policy the rule that near the deadline only on demand, or a spot instance whose restart is
  /// paid, may run (policies/deadline_guarantee.h).
  bool guarantee_deadline = false;
};

/// How training follows the number of instances; sim/training/gang.h says what each does.
enum class GangKind : std::uint8_t { rigid, elastic, redundant_pipelines, templates };
constexpr auto enum_names(GangKind) {
  using enum GangKind;
  return enum_table<GangKind>({{rigid, "rigid"},
                               {elastic, "elastic"},
                               {redundant_pipelines, "redundant_pipelines"},
                               {templates, "templates"}});
}

struct GangSpec {
  GangKind kind = GangKind::rigid;
  int min_units = 1;    ///< elastic: fewer do not train
  int multiple_of = 1;  ///< elastic: only whole multiples train (pipelines of this many stages)
  /// Pause when the gang grows or shrinks without restarting.
  Duration reconfigure{0};
  /// Whether those that stay still hold the whole state, so that a loss undoes nothing.
  bool survivors_hold_state = true;
  /// Speed relative to the whole gang by units in use, from 0 to the mix's units (for pipelines: by number of
  /// pipelines, from 0); empty: proportional. Without meaning where the mix has compositions.
  std::vector<double> speed;
  int stages = 1;  ///< pipelines: instances in one; templates: the fewest
  int max_pipelines = 1;
  /// redundant_pipelines: how much longer a step takes while an instance runs two stages.
  double doubled_slowdown = 1.5;
  /// redundant_pipelines: pause after a loss that no neighbour absorbs.
  Duration global_rendezvous{0};
};

struct LaunchSpec {
  Duration pending{0};         ///< from request to `running`, not billed
  Duration boot{0};            ///< from `running` until the instance can join the gang, billed
  Duration retry{minutes{1}};  ///< between attempts while instances are missing
  bool single_zone = false;    ///< a cluster placement group: all instances in one zone (docs/rules.md 17)
  /// With single_zone: leave a zone that has left instances missing for so long, when another can take the
  /// fleet.
  Duration leave_zone_after = kForever;
  /// At a rebalance recommendation launch a replacement, and end the instance when that is ready.
  bool replace_before_termination = false;
};

/// A checkpoint is complete, and counts, once it is written and uploaded; what an interruption catches
/// unfinished is lost. The first checkpoint since training last began is a full one; of each `full_every` one
/// is full, the others are increments that a restart reads besides it.
struct CheckpointSpec {
  enum class Kind : std::uint8_t { none, interval, continuous };
  Kind kind = Kind::interval;
  Duration interval{minutes{30}};  ///< training time between checkpoints
  Duration write{0};   ///< how long writing a full one pauses training (asynchronous: the snapshot)
  Duration upload{0};  ///< how long after that it takes, in the background, until it can be read back
  int full_every = 1;
  Duration write_increment{0};  ///< the same times of an increment
  Duration upload_increment{0};
  Duration read{0};            ///< time to read a full one back at a restart
  Duration read_increment{0};  ///< and each increment that followed it
  /// Also write a full one at an interruption notice when that fits in the time left. Training waits for it
  /// and for its upload.
  bool on_notice = false;
};
/// Checkpoints at intervals are spelled by their interval.
constexpr auto enum_names(CheckpointSpec::Kind) {
  using enum CheckpointSpec::Kind;
  return partial_enum_table<CheckpointSpec::Kind>({{none, "none"}, {continuous, "continuous"}});
}

struct RecoverySpec {
  CheckpointSpec checkpoint;
  Duration restart{
      0};  ///< set-up each time the gang (re)starts, before it trains, besides reading the checkpoint
};

/// What leaving one region for another costs.
struct RegionHop {
  HourlyPrice ring;  ///< as cross_zone_per_boundary
  HourlyPrice cut;   ///< as cross_zone_per_cut, of what goes this way
  Money restore;     ///< reading a full checkpoint that is in the one from the other
  Money restore_increment;
};

/// What is paid besides instances, and what distance costs (docs/rules.md 12).
struct SurroundingCosts {
  HourlyPrice volume_per_instance;  ///< while an instance exists, however it is billed
  HourlyPrice storage;   ///< for checkpoints, images and data, from the start to the end of the job
  Money per_checkpoint;  ///< requests for writing a full one
  Money per_increment;   ///< and an increment
  Money per_restore;     ///< requests for reading a full one back
  Money per_restored_increment;
  /// For training traffic, per boundary between zones that it crosses and hour of training at the whole
  /// gang's speed: a slower gang takes fewer steps.
  HourlyPrice cross_zone_per_boundary;
  /// The same of pipelines, whose instances stand in a row: per place where the row leaves a zone, both ways.
  HourlyPrice cross_zone_per_cut;
  /// A smaller gang trains smaller batches, so that its steps come as often as the whole gang's.
  bool batch_is_scaled = false;
  double cross_zone_speed = 1;    ///< speed of a gang that spans zones, relative to one that does not
  double cross_region_speed = 1;  ///< and of one that spans regions
  std::uint32_t regions = 1;      ///< that hops has a row and a column for, in the order of the mix's pools
  std::vector<RegionHop> hops;    ///< from × regions + to; empty: nothing is paid between regions
  Duration cross_region_read{0};  ///< how much longer reading a full checkpoint takes in another region
  Duration cross_region_read_increment{0};
};

struct Mix {
  std::string name;
  std::vector<Group> groups;
  PolicySpec policy;
  LaunchSpec launch;
  RecoverySpec recovery;
  GangSpec gang;
  SurroundingCosts surroundings;
  /// Where it depends on which instances run how fast they train; none: all gangs of a size train alike.
  Compositions compositions;
  /// Training time of the whole job on the whole gang, without any interruption; with compositions: on one of
  /// speed 1.
  Duration work{0};
  /// Standard deviation over the mean of what a run needs to its end, where that is a quality that some runs
  /// reach earlier than others. All mixes draw the same deviation in the same replication.
  double work_spread = 0;
  StepErrorSpec step_error;  ///< Of the whole gang; compositions have their own.
  /// Why this mix cannot train the model at all; such a mix is reported, not replayed.
  std::optional<std::string> infeasible_reason;
};

}  // namespace spotmix::sim
