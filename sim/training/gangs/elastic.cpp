// Trains with any whole multiple of instances between a minimum and the whole fleet; pauses to reconfigure
// when that number changes. When those that stay hold the whole state (data parallel replicas do), a loss
// undoes nothing. Where the multiple leaves units out, those in later slots stay out.
#include <algorithm>
#include <limits>
#include <utility>

#include "sim/training/gang.h"

namespace spotmix::sim::gangs {
namespace {

class Elastic final : public Gang {
 public:
  Elastic(GangSpec spec, int units) : spec_(std::move(spec)), units_(units) {}

  void reset() override {
    in_use_ = 0;
    composition_ = nullptr;
  }

  GangPlan plan(const Fleet& fleet, const GangChange& change) override {
    const int ready = std::min(fleet.ready_units(), units_);
    const int usable = ready / spec_.multiple_of * spec_.multiple_of;
    const bool was_active = change.active;
    GangPlan plan;
    plan.trains = usable > 0 && usable >= spec_.min_units;
    plan.speed = plan.trains ? speed_of(relative_speed(usable)) : Speed{};
    if (plan.trains && fleet.has_compositions())
      plan = on_composition(plan, fleet.composition(usable < ready ? usable : kAllUnits));
    const bool state_survives = spec_.survivors_hold_state && usable > 0 && plan.trains;
    plan.undoes_work = was_active && !change.left.empty() && !state_survives;
    if (!plan.trains) {
      in_use_ = 0;
      return plan;
    }
    if (!was_active || plan.undoes_work) {
      plan.pause = change.restart;
      plan.reads_checkpoint = true;
    } else if (usable != in_use_ || plan.composition != composition_ || !change.left.empty()) {
      plan.pause = spec_.reconfigure;
    }
    in_use_ = usable;
    composition_ = plan.composition;
    return plan;
  }

 private:
  static constexpr int kAllUnits = std::numeric_limits<int>::max();

  double relative_speed(int usable) const {
    if (spec_.speed.empty()) return static_cast<double>(usable) / units_;
    return spec_.speed[static_cast<std::size_t>(usable)];
  }

  GangSpec spec_;
  int units_;
  int in_use_ = 0;
  const Composition* composition_ = nullptr;  ///< in use
};

}  // namespace

std::unique_ptr<Gang> elastic(const GangSpec& spec, int units) {
  return std::make_unique<Elastic>(spec, units);
}

}  // namespace spotmix::sim::gangs
