// Names of the simulator's kinds, as the result files and scenario files print them.
#pragma once

#include "sim/fleet/mix.h"

namespace spotmix::reports {

constexpr const char* name_of(sim::Purchase purchase) {
  switch (purchase) {
    case sim::Purchase::spot:
      return "spot";
    case sim::Purchase::on_demand:
      return "on_demand";
    case sim::Purchase::reserved:
      return "reserved";
  }
  return "";
}

}  // namespace spotmix::reports
