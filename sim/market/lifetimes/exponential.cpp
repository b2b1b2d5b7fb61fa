#include <cassert>
#include <limits>

#include "base/random/random.h"
#include "sim/market/lifetime.h"

namespace spotmix::sim {
namespace {

class Exponential final : public LifetimeModel {
 public:
  explicit Exponential(double per_hour) : per_hour_(per_hour) {}
  Duration draw(RandomStream& random) const override {
    return per_hour_ > 0 ? lifetime_of_hours(random.exponential(1 / per_hour_)) : kForever;
  }
  double mean_hours() const override {
    return per_hour_ > 0 ? 1 / per_hour_ : std::numeric_limits<double>::infinity();
  }

 private:
  double per_hour_;
};

}  // namespace

std::shared_ptr<const LifetimeModel> exponential_lifetime(double interruptions_per_hour) {
  return std::make_shared<Exponential>(interruptions_per_hour);
}

double hazard_of_monthly_frequency(double fraction) {
  assert(fraction >= 0 && fraction < 1);
  constexpr double kHoursPerMonth = 730;
  return -reproducible_log(1 - fraction) / kHoursPerMonth;
}

}  // namespace spotmix::sim
