// The pools of a scenario: trace files, inline pools and the catalogue's on-demand prices, joined by instance
// type and zone.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/scenario.h"
#include "scenarios/trace.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

/// The first and the last moment at which all spot pools in use are known.
struct Coverage {
  Time begin = Time::min();
  Time end = kNever;
  bool traced() const { return begin != Time::min(); }
};

/// What of a mix makes a pool another one although instance type and zone are the same.
struct PoolUse {
  AdvisorPoint advisor = AdvisorPoint::middle;
  HourlyPrice reserved;          ///< price of a reservation, if it is given
  double reserved_discount = 0;  ///< or what it saves of the on-demand price

  friend auto operator<=>(const PoolUse&, const PoolUse&) = default;
};

/// The pools of one group and, beside them, the units that one instance of each counts for.
struct GroupPools {
  std::vector<std::uint32_t> pools;
  std::vector<int> weights;
};

/// Collects the pools that groups ask for. Problems go to `problems`, with the path of what asked.
class MarketBuilder {
 public:
  MarketBuilder(const Scenario& scenario, Problems& problems, Problems& warnings);

  /// Indices into the market's pools for one group; empty when there is a problem. Spot prices and capacity
  /// are only given to pools that some group may use as spot: what is bought on demand does not depend on
  /// how long they are known.
  GroupPools pools_of(const GroupSpec& group, const PoolUse& use, bool may_use_spot, const std::string& path);

  /// Adds the on-demand prices that hold from `start` on, the prices of reservations that follow from them,
  /// and what the operating system adds to each. A pool in `needed` must have an on-demand price.
  void price_on_demand(Time start, const std::map<std::uint32_t, std::string>& needed);

  /// Over the pools that some group may use as spot.
  Coverage coverage() const;

  bool knows_instance(const std::string& instance) const;
  sim::Market take_market() { return std::move(market_); }

 private:
  using PoolKey = std::pair<std::string, std::string>;  ///< instance, zone

  struct Sources {
    std::string capacity_file;  ///< for messages; empty: no capacity known
    std::optional<HourlyPrice> on_demand;
    bool dated = true;
    sim::PriceSeries spot;
    sim::CapacitySeries capacity;
    bool capacity_is_binary = false;
  };

  void read_traces();
  const Trace* trace_of(const std::string& name, const std::string& path);
  void take_prices(const std::string& file, const TracePool& pool, bool dated);
  void take_capacity(const std::string& file, const TracePool& pool, bool dated);
  void take_inline_pools();
  std::vector<std::string> zones_of(const std::string& instance, bool with_spot) const;
  bool zone_is_sold(const std::string& instance, sim::Purchase purchase, const std::string& zone,
                    const std::string& path);
  void add_pools(const GroupSpec& group, const WeightedInstance& type, const PoolUse& use, bool may_use_spot,
                 const std::string& path, GroupPools& pools);
  void sell_as_spot(std::uint32_t pool);
  std::uint32_t pool_index(const std::string& instance, const std::string& zone, const PoolUse& use);
  void take_quotas();
  void set_quota(sim::Pool& pool);
  void add_surcharge();
  void problem(const std::string& path, std::string message);
  sim::PriceSeries on_demand_of(const sim::Pool& pool, Time start);

  const Scenario& scenario_;
  Problems& problems_;
  Problems& warnings_;
  std::map<std::string, Trace> traces_;
  std::set<std::string> broken_files_;
  std::map<PoolKey, Sources> known_;
  std::map<PoolKey, std::set<std::string>> products_;
  std::map<std::pair<PoolKey, PoolUse>, std::uint32_t> indices_;
  std::map<std::uint32_t, double> reserved_discounts_;  ///< by pool
  std::set<std::uint32_t> spot_pools_;
  std::set<std::string> warned_;
  sim::Market market_;
};

}  // namespace spotmix::scenarios
