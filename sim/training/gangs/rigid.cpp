// All or nothing: trains while every instance is there, those that will end and are to be replaced among
// them, and starts again from the checkpoint after any loss.
#include <limits>

#include "sim/training/gang.h"

namespace spotmix::sim::gangs {
namespace {

class Rigid final : public Gang {
 public:
  GangPlan plan(const Fleet& fleet, const GangChange& change) override {
    GangPlan plan;
    plan.trains = fleet.able();
    if (plan.trains && fleet.has_compositions())
      plan = on_composition(plan, fleet.composition(std::numeric_limits<int>::max()));
    plan.undoes_work = !change.left.empty();
    const bool goes_on = change.active && change.left.empty();
    plan.pause = goes_on ? Duration{0} : change.restart;
    plan.reads_checkpoint = !goes_on;
    return plan;
  }
};

}  // namespace

std::unique_ptr<Gang> rigid() {
  return std::make_unique<Rigid>();
}

}  // namespace spotmix::sim::gangs
