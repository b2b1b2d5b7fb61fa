// The pools of a scenario: trace files, inline pools and the catalogue's on-demand prices, joined by instance
// type and zone.
#pragma once

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

/// Collects the pools that groups ask for. Problems go to `problems`, with the path of what asked.
class MarketBuilder {
 public:
  MarketBuilder(const Scenario& scenario, Problems& problems, Problems& warnings);

  /// Indices into the market's pools for one group; empty when there is a problem.
  std::vector<std::uint32_t> pools_of(const GroupSpec& group, const std::string& path);

  /// Adds the on-demand prices that hold from `start` on. A pool in `needed` must have one.
  void price_on_demand(Time start, const std::map<std::uint32_t, std::string>& needed);

  /// Over the pools asked for as spot.
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
  bool zone_is_sold(const GroupSpec& group, const std::string& zone, const std::string& path);
  std::uint32_t pool_index(const std::string& instance, const std::string& zone);
  void problem(const std::string& path, std::string message);
  sim::PriceSeries on_demand_of(const sim::Pool& pool, Time start);

  const Scenario& scenario_;
  Problems& problems_;
  Problems& warnings_;
  std::map<std::string, Trace> traces_;
  std::set<std::string> broken_files_;
  std::map<PoolKey, Sources> known_;
  std::map<PoolKey, std::set<std::string>> products_;
  std::map<PoolKey, std::uint32_t> indices_;
  std::set<std::uint32_t> spot_pools_;
  std::set<std::string> warned_;
  sim::Market market_;
};

}  // namespace spotmix::scenarios
