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

HourlyPrice between_regions(const SurroundingCosts& costs, RegionSet regions) {
  HourlyPrice sum;
  const std::uint32_t first = first_of(regions);
  std::uint32_t last = first;
  each_region(regions & (regions - 1), [&](std::uint32_t region) {
    sum = sum + hop(costs, last, region).ring + hop(costs, last, region).cut + hop(costs, region, last).cut;
    last = region;
  });
  return sum + hop(costs, last, first).ring;
}

}  // namespace

Crossings crossings_of(const SurroundingCosts& costs, int zones, RegionSet regions) {
  Crossings crossings;
  if (zones < 2) return crossings;
  const int count = std::popcount(regions);
  crossings.zone_cuts = zones - count;
  crossings.zone_boundaries = count > 1 ? zones - count : zones;
  crossings.speed = count > 1 ? costs.cross_region_speed : costs.cross_zone_speed;
  if (count > 1 && !costs.hops.empty()) crossings.regions = between_regions(costs, regions);
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
