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
  HourlyPrice region_ring;  ///< of the ring's traffic between regions, at the whole gang's speed
  HourlyPrice region_cut;   ///< and of the row's
  double speed = 1;         ///< relative to a gang in one zone
  /// How often traffic passes, in billionths of the whole gang's steps in one zone.
  std::int64_t ring_per_billion = 1'000'000'000;
  std::int64_t cut_per_billion = 1'000'000'000;

  bool between_regions() const { return (region_ring + region_cut).nano_usd_per_h > 0; }
};

/// Of a gang in `zones` zones, which lie in `regions`; as a gang of `composition`, unless that is null.
Crossings crossings_of(const SurroundingCosts& costs, int zones, RegionSet regions,
                       const Composition* composition = nullptr);

/// What bringing a checkpoint, and `increments` besides, from the region `from` into all of `to` costs: it is
/// read once in each, and handed on there.
Money price_of_restore(const SurroundingCosts& costs, std::uint32_t from, RegionSet to, int increments);

}  // namespace spotmix::sim
