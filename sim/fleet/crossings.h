// What a gang's traffic crosses when its instances stand in several zones (docs/rules.md 12).
//
// Instances are taken to be ordered by region, then by zone. Data parallelism passes its gradients around a
// ring through all of them, which crosses as many boundaries as there are zones. A pipeline hands its
// activations along the row, which leaves a zone in one place fewer.
#pragma once

#include <cstdint>

#include "sim/fleet/mix.h"

namespace spotmix::sim {

/// Regions as bits, in the order of sim/fleet/fleet.h regions_of.
using RegionSet = std::uint64_t;

struct Crossings {
  int zone_boundaries = 0;  ///< of the ring, within regions
  int zone_cuts = 0;        ///< of the row, within regions
  HourlyPrice regions;      ///< of all traffic between regions, at the whole gang's speed
  double speed = 1;         ///< relative to a gang in one zone
};

/// Of a gang in `zones` zones, which lie in `regions`.
Crossings crossings_of(const SurroundingCosts& costs, int zones, RegionSet regions);

/// What bringing a checkpoint, and `increments` besides, from the region `from` into all of `to` costs: it is
/// read once in each, and handed on there.
Money price_of_restore(const SurroundingCosts& costs, std::uint32_t from, RegionSet to, int increments);

}  // namespace spotmix::sim
