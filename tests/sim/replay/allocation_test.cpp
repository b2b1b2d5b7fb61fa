// Where launches go in random scenes, against a naive reader of prices, capacities and quotas (RULES 4, 5,
// 15, 16).
#include <algorithm>
#include <map>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

struct Offer {
  std::int64_t price_per_unit = 0;
  int left = 0;
  int held = 0;
};

class Shop {
 public:
  explicit Shop(const Experiment& experiment)
      : experiment_(experiment), group_(experiment.mixes[0].groups[0]) {}

  void take(const TimelineEvent& launch) { held_[launch.instance] = launch; }
  void give_back(std::uint32_t instance) { held_.erase(instance); }

  /// What a pool offers to the group at that moment; nothing when it may not start there.
  std::optional<Offer> offer(std::uint32_t p, Purchase purchase, Time at) const {
    const Pool& pool = experiment_.market.pools[p];
    const bool spot = purchase == Purchase::spot;
    Offer result;
    const HourlyPrice on_demand = value_at(pool.on_demand_price, at);
    const HourlyPrice price = spot ? value_at(pool.spot_price, at) : on_demand;
    result.price_per_unit = price.nano_usd_per_h / weight(p);
    result.left = spot ? value_at(pool.capacity, at) : 1'000;
    int vcpus = 0;
    for (const auto& [instance, launch] : held_) {
      const bool alike = (launch.purchase == Purchase::spot) == spot;
      if (alike) vcpus += experiment_.market.pools[launch.pool].vcpus;
      if (alike && launch.pool == p) ++result.held;
    }
    if (spot) result.left -= result.held;
    if (!experiment_.market.quotas.empty()) {
      const Quota& quota = experiment_.market.quotas[0];
      result.left =
          std::min(result.left, ((spot ? quota.spot_vcpus : quota.on_demand_vcpus) - vcpus) / pool.vcpus);
    }
    if (result.left <= 0 || (spot && above_limit(p, price, on_demand))) return std::nullopt;
    const bool skips_dear = spot && group_.allocation == Allocation::diversified;
    if (skips_dear && price >= on_demand) return std::nullopt;
    return result;
  }

  /// Whether the strategy would rather have `a` than `b`.
  bool prefers(const Offer& a, const Offer& b, Purchase purchase) const {
    if (purchase != Purchase::spot)
      return group_.allocation != Allocation::prioritized && a.price_per_unit < b.price_per_unit;
    switch (group_.allocation) {
      case Allocation::lowest_price:
        return a.price_per_unit < b.price_per_unit;
      case Allocation::diversified:
        return a.held < b.held || (a.held == b.held && a.price_per_unit < b.price_per_unit);
      case Allocation::capacity_optimized:
        return a.left > b.left;
      case Allocation::price_capacity_optimized:
        return a.left > b.left || (a.left == b.left && a.price_per_unit < b.price_per_unit);
      case Allocation::prioritized:
        return false;
    }
    return false;
  }

  const Group& group() const { return group_; }

 private:
  int weight(std::uint32_t p) const {
    const auto place = std::find(group_.pools.begin(), group_.pools.end(), p) - group_.pools.begin();
    return group_.weights.empty() ? 1 : group_.weights[static_cast<std::size_t>(place)];
  }

  bool above_limit(std::uint32_t p, HourlyPrice price, HourlyPrice on_demand) const {
    const bool auction = experiment_.market.regime == Regime::aws_auction;
    if (!group_.max_price) return auction && price > on_demand;
    const std::int64_t limit = group_.max_price->nano_usd_per_h * weight(p);
    return price.nano_usd_per_h > limit + (auction ? 0 : experiment_.market.price_tolerance.nano_usd_per_h);
  }

  const Experiment& experiment_;
  const Group& group_;
  std::map<std::uint32_t, TimelineEvent> held_;
};

}  // namespace

TEST_CASE("Each launch goes to the pool that its strategy prefers among those that sell", "[rule 16]") {
  std::map<Allocation, int> launches;
  int beside_others = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    Experiment experiment = RandomScene(number).make_wide();
    experiment.mixes[0].groups.resize(1);
    experiment.mixes[0].launch.single_zone = false;
    experiment.market.bootstrap = {};
    const Run r = run(experiment, number);
    INFO("scene " << number);
    Shop shop(experiment);
    for (const TimelineEvent& event : r.record.timeline) {
      if (event.instance == kNoInstance) continue;
      if (event.kind == TimelineKind::launch_requested) {
        const auto chosen = shop.offer(event.pool, event.purchase, event.at);
        REQUIRE(chosen);
        ++launches[shop.group().allocation];
        for (const std::uint32_t p : shop.group().pools) {
          if (p == event.pool) break;  // equal offers go to the one that is named first
          const auto other = shop.offer(p, event.purchase, event.at);
          if (!other) continue;
          const bool first_is_worse = shop.prefers(*chosen, *other, event.purchase);
          REQUIRE(first_is_worse);
        }
        for (const std::uint32_t p : shop.group().pools) {
          const auto other = shop.offer(p, event.purchase, event.at);
          if (other) REQUIRE_FALSE(shop.prefers(*other, *chosen, event.purchase));
          beside_others += other && p != event.pool ? 1 : 0;
        }
        shop.take(event);
      }
      if (event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped ||
          event.kind == TimelineKind::launch_failed)
        shop.give_back(event.instance);
    }
  }
  CHECK(launches.size() == 5);
  for (const auto& [allocation, count] : launches) CHECK(count > 100);
  CHECK(beside_others > 1000);
}
