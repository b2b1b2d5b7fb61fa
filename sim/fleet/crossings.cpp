#include "sim/fleet/crossings.h"

#include <bit>

namespace spotmix::sim {
namespace {

const RegionHop& hop(const SurroundingCosts& costs, std::uint32_t from, std::uint32_t to) {
  return costs.hops[from * costs.regions + to];
}

/// The lowest region of a set that is not empty.
std::uint32_t first_of(RegionSet regions) {
  return static_cast<std::uint32_t>(std::countr_zero(regions));
}

/// Calls visit(region) for each region of the set, in order.
template <class Visit>
void each_region(RegionSet regions, Visit&& visit) {
  for (; regions != 0; regions &= regions - 1) visit(first_of(regions));
}

void add_between_regions(const SurroundingCosts& costs, RegionSet regions, Crossings& crossings) {
  const std::uint32_t first = first_of(regions);
  std::uint32_t last = first;
  each_region(regions & (regions - 1), [&](std::uint32_t region) {
    crossings.region_ring = crossings.region_ring + hop(costs, last, region).ring;
    crossings.region_cut = crossings.region_cut + hop(costs, last, region).cut + hop(costs, region, last).cut;
    last = region;
  });
  crossings.region_ring = crossings.region_ring + hop(costs, last, first).ring;
}

}  // namespace

Crossings crossings_of(const SurroundingCosts& costs, int zones, RegionSet regions,
                       const Composition* composition) {
  Crossings crossings;
  if (zones < 2) return crossings;
  const int count = std::popcount(regions);
  crossings.zone_cuts = zones - count;
  crossings.zone_boundaries = count > 1 ? zones - count : zones;
  const auto speed_in = [&](const auto& speeds) {
    return count > 1 ? speeds.cross_region_speed : speeds.cross_zone_speed;
  };
  crossings.speed = composition != nullptr ? speed_in(*composition) : speed_in(costs);
  if (count > 1 && !costs.hops.empty()) add_between_regions(costs, regions, crossings);
  return crossings;
}

Money price_of_restore(const SurroundingCosts& costs, std::uint32_t from, RegionSet to, int increments) {
  Money sum;
  if (costs.hops.empty()) return sum;
  each_region(to & ~(RegionSet{1} << from), [&](std::uint32_t region) {
    const RegionHop& way = hop(costs, from, region);
    sum += way.restore + Money{way.restore_increment.nano_usd * increments};
  });
  return sum;
}

}  // namespace spotmix::sim
