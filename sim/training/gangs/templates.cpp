// Pipelines re-planned from templates: with at least `stages` instances to a pipeline, every instance that is
// there is used, in pipelines of more than the fewest stages where the number does not divide; a change
// pauses to re-plan, and undoes work only when no whole pipeline is left to copy the state from. (Jang et
// al., "Oobleck: Resilient Distributed Training of Large Models Using Pipeline Templates", SOSP 2023.)
#include <algorithm>
#include <limits>
#include <utility>

#include "sim/training/gang.h"

namespace spotmix::sim::gangs {
namespace {

class Templates final : public Gang {
 public:
  Templates(GangSpec spec, int units) : spec_(std::move(spec)), units_(units) {}

  void reset() override {
    in_use_ = 0;
    composition_ = nullptr;
  }

  GangPlan plan(const Fleet& fleet, const GangChange& change) override {
    const int ready = std::min(fleet.ready_units(), units_);
    const int pipelines_before = in_use_ / spec_.stages;
    // Each lost instance breaks at most one pipeline; the rest still hold the state.
    const auto broken = static_cast<int>(change.left.size());
    const bool copy_left = pipelines_before > broken;
    GangPlan plan;
    plan.trains = ready >= spec_.stages;
    plan.speed = plan.trains ? speed_of(relative_speed(ready)) : Speed{};
    if (plan.trains && fleet.has_compositions())
      plan = on_composition(plan, fleet.composition(std::numeric_limits<int>::max()));
    plan.undoes_work = change.active && broken > 0 && !copy_left;
    if (!plan.trains) {
      in_use_ = 0;
      return plan;
    }
    if (!change.active || plan.undoes_work) {
      plan.pause = change.restart;
      plan.reads_checkpoint = true;
    } else if (ready != in_use_ || plan.composition != composition_ || broken > 0) {
      plan.pause = spec_.reconfigure;
    }
    in_use_ = ready;
    composition_ = plan.composition;
    return plan;
  }

 private:
  double relative_speed(int ready) const {
    if (spec_.speed.empty()) return static_cast<double>(ready) / units_;
    return spec_.speed[static_cast<std::size_t>(ready)];
  }

  GangSpec spec_;
  int units_;
  int in_use_ = 0;
  const Composition* composition_ = nullptr;  ///< in use
};

}  // namespace

std::unique_ptr<Gang> templates(const GangSpec& spec, int units) {
  return std::make_unique<Templates>(spec, units);
}

}  // namespace spotmix::sim::gangs
