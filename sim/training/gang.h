// How training follows the fleet: what a gang does when instances join it or leave it.
//
// A gang is one file in sim/training/gangs/. It sees the fleet after each change and answers with a GangPlan;
// it knows neither prices nor checkpoints.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sim/fleet/fleet.h"
#include "sim/training/progress.h"

namespace spotmix::sim {

struct GangChange {
  Time now{};
  std::span<const std::uint32_t> joined;  ///< slots that have become ready
  std::span<const std::uint32_t> left;    ///< slots that were ready and are gone
  bool active = false;                    ///< the gang trained, or was on the way to it, until now
  Duration restart{0};                    ///< set-up of a fresh start, reading the checkpoint included
};

struct GangPlan {
  bool trains = false;
  Speed speed;
  const Composition* composition = nullptr;  ///< that trains; null where the mix has no compositions
  Duration pause{0};  ///< before it trains (again); zero with an active gang of equal speed: it just goes on
  bool reads_checkpoint = false;  ///< the pause is a fresh start, from the checkpoint where there is one
  bool undoes_work = false;       ///< the state is lost back to the last complete checkpoint
};

class Gang {
 public:
  virtual ~Gang() = default;
  virtual void reset() {}
  virtual GangPlan plan(const Fleet& fleet, const GangChange& change) = 0;
};

/// Makes the gang that `spec` names, for a fleet of `units`.
std::unique_ptr<Gang> make_gang(const GangSpec& spec, int units);

namespace gangs {

std::unique_ptr<Gang> rigid();
std::unique_ptr<Gang> elastic(const GangSpec& spec, int units);
std::unique_ptr<Gang> redundant_pipelines(const GangSpec& spec);
std::unique_ptr<Gang> templates(const GangSpec& spec, int units);

}  // namespace gangs

/// `relative` of the whole gang's speed.
inline Speed speed_of(double relative) {
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): never below 0, and each run counts on these bits
  return {static_cast<std::int64_t>(relative * 1e9 + 0.5)};
}

/// Of a gang that would train at `speed` in one zone.
inline Speed speed_across(Speed speed, const Crossings& crossings) {
  if (crossings.speed == 1) return speed;
  return speed_of(static_cast<double>(speed.per_billion) * 1e-9 * crossings.speed);
}

/// As `plan`, with the speed of `composition`; without training if it cannot train.
inline GangPlan on_composition(GangPlan plan, const Composition* composition) {
  plan.composition = composition;
  plan.trains = plan.trains && composition != nullptr && composition->speed > 0;
  if (plan.trains) plan.speed = speed_of(composition->speed);
  return plan;
}

}  // namespace spotmix::sim
