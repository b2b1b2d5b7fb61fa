// How long spot instances live where no trace says it: hazard rates, drawn for each instance at its launch.
//
// A model is one file in sim/market/lifetimes/. All draws use arithmetic that gives the same bits everywhere.
#pragma once

#include <memory>

#include "base/units/time.h"

namespace spotmix {
class RandomStream;
}

namespace spotmix::sim {

class LifetimeModel {
 public:
  virtual ~LifetimeModel() = default;
  /// The time from `running` until the provider takes the instance; kForever when it does not.
  virtual Duration draw(RandomStream& random) const = 0;
  /// The mean of `draw`, in hours; infinite if instances may live forever.
  virtual double mean_hours() const = 0;
};

/// As a lifetime; kForever beyond 228 years, which no horizon reaches and a Duration hardly holds.
inline Duration lifetime_of_hours(double hours) {
  constexpr double kLongest = 2e6;
  return hours < kLongest ? from_hours(hours) : kForever;
}

/// A constant hazard: exponential lifetimes.
std::shared_ptr<const LifetimeModel> exponential_lifetime(double interruptions_per_hour);

/// Weibull lifetimes: the hazard grows with age for shape > 1 and falls for shape < 1. `scale` > 0 in hours.
std::shared_ptr<const LifetimeModel> weibull_lifetime(double shape, double scale_hours);

/// A bathtub, for clouds that cap lifetime: the hazard is `early` per hour until `early_hours`, `middle`
/// until `late_hours_before_cap` before the cap, `late` after that, and nothing outlives the cap.
/// (Kadupitiya, Jadhao and Sharma, "Modeling the Temporally Constrained Preemptions of Transient Cloud VMs",
/// HPDC 2020, found this form.)
struct Bathtub {
  double early_per_hour = 0;
  double early_hours = 0;
  double middle_per_hour = 0;
  double late_per_hour = 0;
  double late_hours_before_cap = 0;
  double cap_hours = 24;
};
std::shared_ptr<const LifetimeModel> bathtub_lifetime(const Bathtub& bathtub);

/// The constant hazard, per hour, under which the given fraction of instances (0 ≤ fraction < 1) is
/// interrupted within a month of 730 h: −ln(1 − fraction) ÷ 730. The Spot Advisor's bands are such fractions
/// (docs/rules.md 20).
double hazard_of_monthly_frequency(double fraction);

}  // namespace spotmix::sim
