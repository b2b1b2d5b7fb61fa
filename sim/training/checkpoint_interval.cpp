#include "sim/training/checkpoint_interval.h"

#include <cassert>
#include <cmath>

namespace spotmix::sim {

Duration young_interval(Duration write, Duration mean_between) {
  assert(write > Duration{0} && mean_between > Duration{0});
  return from_seconds(std::sqrt(2 * to_seconds(write) * to_seconds(mean_between)));
}

Duration daly_interval(Duration write, Duration mean_between) {
  assert(write > Duration{0} && mean_between > Duration{0});
  if (write >= 2 * mean_between) return mean_between;
  const double share = to_seconds(write) / (2 * to_seconds(mean_between));
  const double first_order_s = to_seconds(young_interval(write, mean_between));
  return from_seconds(first_order_s * (1 + std::sqrt(share) / 3 + share / 9)) - write;
}

}  // namespace spotmix::sim
