// The pools of a scenario: trace files, inline pools and the catalogue's on-demand prices, joined by instance
// type and zone.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/provenance/source.h"
#include "scenarios/scenario.h"
#include "scenarios/trace.h"
#include "sim/market/market.h"
#include "sim/replay/experiment.h"

namespace spotmix::scenarios {

struct Provider;

/// The first and the last moment at which all pools of the market's files are known, used or not; where there
/// is none, the last is that at which the first of them is not known any more after the first.
struct Coverage {
  Time begin = Time::min();
  Time end = kNever;
  bool overlaps = true;  ///< There is such a time.
  bool traced() const { return begin != Time::min(); }
};

/// What of a mix makes a pool another one although instance type and zone are the same.
struct PoolUse {
  AdvisorPoint advisor = AdvisorPoint::middle;
  HourlyPrice reserved;          ///< price of a reservation, if it is given
  double reserved_discount = 0;  ///< or what it saves of the on-demand price

  friend auto operator<=>(const PoolUse&, const PoolUse&) = default;
};

/// The pools of one group and, beside them, the units that one instance of each counts for and which of the
/// group's instance types it is.
struct GroupPools {
  std::vector<std::uint32_t> pools;
  std::vector<int> weights;
  std::vector<std::string> types;
};

/// Where the prices and the capacity of a pool come from, as far as it has them.
struct PoolSources {
  std::optional<models::Source> spot_price;
  std::optional<models::Source> on_demand_price;
  std::optional<models::Source> capacity;
};

/// An on-demand price of the catalogue, with its dates.
struct CataloguePrice {
  Time day{};   ///< For which it is used; the latest, where starts are sampled.
  Time seen{};  ///< On which it is known to have held: that day, or the last one before, or the first after.
  HourlyPrice price;
  /// What the type's price on that day is of its price when this one was seen, in the region whose history is
  /// known; nullopt elsewhere unknown, and in that region itself.
  std::optional<double> change;
};

/// Collects the pools that groups ask for. Problems go to `problems`, with the path of what asked.
class MarketBuilder {
 public:
  MarketBuilder(const Scenario& scenario, const Provider& provider, Problems& problems, Problems& warnings);

  /// Indices into the market's pools for one group; empty when there is a problem. Spot prices and capacity
  /// are only given to pools that some group may use as spot: what is bought on demand does not depend on
  /// how long they are known.
  GroupPools pools_of(const GroupSpec& group, const PoolUse& use, bool may_use_spot, const std::string& path);

  /// Adds the on-demand prices that hold from the first start on, the prices of reservations that follow from
  /// them, and what the operating system adds to each. A pool in `needed` must have an on-demand price.
  void price_on_demand(const sim::StartRule& start, const std::map<std::uint32_t, std::string>& needed);

  Coverage coverage() const;

  /// From when on all pools that some group may use as spot are known.
  Time known_from() const;

  /// A region that is named must be one of the catalogue or of the market's zones; a warning where no pool
  /// that is used lies in it.
  void check_region();

  /// Whether some trace cannot be read, so that what it would have told is not known.
  bool has_broken_files() const { return !broken_files_.empty(); }
  bool knows_instance(const std::string& instance) const;
  sim::Market take_market() { return std::move(market_); }
  /// In the order of the market's pools, once the on-demand prices are known.
  const std::vector<PoolSources>& pool_sources() const { return pool_sources_; }
  /// The same of on-demand prices that the catalogue gives, or that discounts of reservations are off.
  const std::vector<std::optional<CataloguePrice>>& catalogue_prices() const { return catalogue_prices_; }

 private:
  using PoolKey = std::pair<std::string, std::string>;  ///< instance, zone

  struct Sources {
    std::string capacity_file;  ///< for messages; empty: no capacity known
    std::optional<HourlyPrice> on_demand;
    bool dated = true;
    PriceSeries spot;
    CapacitySeries capacity;
    bool capacity_is_binary = false;
    PoolSources from;
  };
  /// A trace as the source of one of its figures.
  struct FromTrace {
    std::string file;
    const Trace& trace;
    models::Source source(std::string figure) const;
  };

  void read_traces();
  const Trace* trace_of(const std::string& name, const std::string& path);
  void take_prices(const std::string& path, const TracePool& pool, const FromTrace& from);
  void take_capacity(const std::string& path, const TracePool& pool, const FromTrace& from);
  static void take_on_demand(Sources& known, const TracePool& pool, const FromTrace& from);
  void take_inline_pools();
  std::vector<std::string> zones_of(const std::string& instance, bool with_spot) const;
  /// Of the catalogue and of the market's zones.
  std::set<std::string> known_regions() const;
  void warn_of_unknown_zone(const std::string& instance, const std::string& zone, const std::string& path);
  bool zone_is_sold(const std::string& instance, sim::Purchase purchase, const std::string& zone,
                    const std::string& path);
  void add_pools(const GroupSpec& group, const WeightedInstance& type, const PoolUse& use, bool may_use_spot,
                 const std::string& path, GroupPools& pools);
  void sell_as_spot(std::uint32_t index);
  void check_band(const std::string& instance, const std::string& zone);
  std::uint32_t pool_index(const std::string& instance, const std::string& zone, const PoolUse& use);
  void set_quota(sim::Pool& pool);
  std::uint32_t region_number(const std::string& region);
  void add_surcharge();
  void problem(const std::string& path, std::string message);
  /// The series, and beside the pool's its source and, from the catalogue, its dates.
  PriceSeries on_demand_of(std::uint32_t index, const sim::StartRule& start);

  const Scenario& scenario_;
  const Provider& provider_;
  Problems& problems_;
  Problems& warnings_;
  std::map<std::string, Trace> traces_;
  std::set<std::string> broken_files_;
  std::map<PoolKey, Sources> known_;
  std::map<PoolKey, std::set<std::string>> products_;
  std::map<std::pair<PoolKey, PoolUse>, std::uint32_t> indices_;
  std::map<std::uint32_t, double> reserved_discounts_;                   ///< by pool
  std::map<std::pair<std::string, std::string>, std::uint32_t> quotas_;  ///< by class and region
  std::vector<std::string> regions_;                                     ///< by sim::Pool::region
  std::set<std::uint32_t> spot_pools_;
  std::set<std::string> warned_;
  sim::Market market_;
  std::vector<PoolSources> pool_sources_;
  std::vector<std::optional<CataloguePrice>> catalogue_prices_;
};

}  // namespace spotmix::scenarios
