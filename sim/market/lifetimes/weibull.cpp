#include <cassert>
#include <cmath>

#include "base/random/random.h"
#include "base/random/reproducible_exp.h"
#include "sim/market/lifetime.h"

namespace spotmix::sim {
namespace {

class Weibull final : public LifetimeModel {
 public:
  Weibull(double shape, double scale_hours) : shape_(shape), scale_hours_(scale_hours) {}

  /// Inversion: scale · E^(1/shape) with E exponential of mean 1.
  Duration draw(RandomStream& random) const override {
    const double exponential = random.exponential(1);
    if (exponential == 0) return Duration{0};
    const double hours = scale_hours_ * reproducible_exp(reproducible_log(exponential) / shape_);
    return lifetime_of_hours(hours);
  }
  double mean_hours() const override { return scale_hours_ * std::tgamma(1 + 1 / shape_); }

 private:
  double shape_;
  double scale_hours_;
};

}  // namespace

std::shared_ptr<const LifetimeModel> weibull_lifetime(double shape, double scale_hours) {
  assert(shape > 0 && scale_hours > 0);
  return std::make_shared<Weibull>(shape, scale_hours);
}

}  // namespace spotmix::sim
