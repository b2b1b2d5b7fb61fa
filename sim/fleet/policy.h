// A policy decides how the fleet is bought: it is asked at decision points, sees what a planner could see at
// that moment, and answers with one Choice. Policies know no prices to come and no capacity to come, except
// the one that says so in its name.
//
// Several are published: rc_threshold and uniform_progress by Wu et al., "Can't Be Late: Optimizing Spot
// Instance Savings under Deadlines", NSDI 2024, whose published program the tests hold them to.
//
// A policy is one file in sim/fleet/policies/ and one line in registry.cpp there.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/units/time.h"
#include "sim/fleet/mix.h"

namespace spotmix::sim {

enum class Choice : std::uint8_t {
  wait,            ///< run nothing
  configured,      ///< each group as the mix buys it; missing instances are replaced
  fill_on_demand,  ///< keep what runs, buy what is missing on demand
  spot,            ///< the whole fleet as spot
  on_demand,       ///< the whole fleet on demand
};

/// How the complete fleet is bought at the moment; `none` while any instance is missing.
enum class Running : std::uint8_t { none, spot, on_demand, mixed };

/// What does not change during a replication. Durations are wall-clock or training time.
struct JobFacts {
  Duration work{0};                 ///< training time of the whole job, as far as its steps are known
  Duration deadline{0};             ///< from the start; zero: there is none
  Duration decision_interval{0};    ///< zero: asked whenever something changes
  Duration restart{0};              ///< from request until training resumes
  Duration checkpoint_interval{0};  ///< training time between checkpoints; zero: none pause training
  Duration checkpoint_write{0};     ///< how long one pauses training
  Duration jump{0};                 ///< from request until all of the fleet trains on demand
  Duration save{0};                 ///< how long a checkpoint out of turn takes until it can be read back
  bool keeps_work = true;           ///< checkpoints are written
  bool loses_nothing = false;       ///< they are continuous, and nothing ever pauses training
  Duration unnoticed{0};            ///< at most between completion and its being noticed
};

/// What can be seen when a decision is asked for.
struct Observation {
  Duration elapsed{0};  ///< since the start
  Duration saved{0};    ///< work that an interruption would not undo
  Duration done{0};     ///< work done, saved or not
  Running running = Running::none;
  bool spot_available = false;  ///< the whole fleet could run as spot now
  Duration restart_left{0};     ///< of the running fleet, until it trains
  Duration missing_for{0};      ///< how long the longest-missing instance has been missing
  bool keeps_pace = true;       ///< the gang, if it trains, is as fast as on demand
};

struct Decision {
  Choice choice = Choice::configured;
  /// Ask again after this long at the latest, besides the decision points that come anyway.
  Duration ask_again_after = kForever;
  /// Nothing but `choice` is wanted until the job ends: what is on demand writes no more checkpoints.
  bool to_the_end = false;
};

/// Knowledge of the future, for policies that are meant as bounds.
class Outlook {
 public:
  virtual ~Outlook() = default;
  /// Decision points before the deadline at which spot will be available, times the decision interval.
  virtual Duration spot_time_before_deadline() = 0;
};

class Policy {
 public:
  virtual ~Policy() = default;
  /// Forgets the last replication. `facts` stay valid until the next call, and unchanged but for `rescale`.
  virtual void begin(const JobFacts& facts, Outlook& outlook) = 0;
  virtual Decision decide(const Observation& seen) = 0;
  /// What a step takes is known from now on: all work, done and to be done, takes `ratio` of the training
  /// time that it was reckoned with. The facts of the job and what is seen say so already.
  virtual void rescale(double /*ratio*/) {}
};

/// What is known of a policy before it runs.
struct PolicyEntry {
  std::string_view name;   ///< as scenarios name it
  std::string_view alias;  ///< another name that is in use; empty: none
  std::unique_ptr<Policy> (*make)(const PolicySpec& spec) = nullptr;
  bool watches_deadline = false;  ///< meaningless without a deadline
  bool decides_purchase = false;  ///< buys the whole fleet one way or the other, whatever its groups say
  bool buys_spot = true;          ///< may hold spot instances
  bool buys_on_demand = true;     ///< may buy on demand what the mix does not ask for on demand
  bool cuts_slices = false;       ///< PolicySpec::pair_slice is its setting
  bool falls_back = false;        ///< PolicySpec::fallback_wait is its setting
};

/// All policies, in the order of the documentation.
std::span<const PolicyEntry> policies();

/// The policy of this name or alias; null: there is none.
const PolicyEntry* find_policy(std::string_view name);

/// If an instance of the group may ever run as spot under the mix's policy.
bool may_be_spot(const Mix& mix, const Group& group);

/// The pools, each once, in which an instance of the mix may ever run as spot.
std::vector<std::uint32_t> spot_pools(const Mix& mix);

/// Makes the policy that `spec` names; throws std::invalid_argument where there is none of that name.
std::unique_ptr<Policy> make_policy(const PolicySpec& spec);

}  // namespace spotmix::sim
