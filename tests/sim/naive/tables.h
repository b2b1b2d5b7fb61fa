// What the market does, tick by tick: every trace written out as a table with one entry for each tick.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/replay/experiment.h"

namespace spotmix::sim::naive {

inline constexpr int kAsManyAsAsked = 1'000'000;

/// One entry for each tick from `start` on; what a trace says last holds on after its end.
template <class Value>
std::vector<Value> table_of(const Series<Value>& series, Time start, Duration tick, int ticks,
                            Value missing) {
  std::vector<Value> table;
  for (int i = 0; i < ticks; ++i) {
    Value value = missing;
    for (std::size_t k = 0; k < series.at.size() && series.at[k] <= start + i * tick; ++k)
      value = series.value[k];
    table.push_back(value);
  }
  return table;
}

class Tables {
 public:
  Tables(const Experiment& experiment, Duration tick, int ticks)
      : experiment_(&experiment), start_(experiment.start.fixed), tick_(tick) {
    for (std::uint32_t p = 0; p < experiment.market.pools.size(); ++p) {
      const Pool& pool = experiment.market.pools[p];
      Columns columns;
      columns.spot = table_of(pool.spot_price, start_, tick, ticks, HourlyPrice{});
      columns.on_demand = table_of(pool.on_demand_price, start_, tick, ticks, HourlyPrice{});
      columns.capacity = table_of(pool.capacity, start_, tick, ticks, kAsManyAsAsked);
      if (pool.capacity_is_binary) {
        const int yes = experiment.market.capacity_when_available.value_or(asked_of(p));
        for (int& capacity : columns.capacity) capacity = capacity > 0 ? yes : 0;
      }
      columns_.push_back(std::move(columns));
    }
  }

  HourlyPrice spot(std::uint32_t pool, Time t) const { return columns_[pool].spot[row(t)]; }
  HourlyPrice on_demand(std::uint32_t pool, Time t) const { return columns_[pool].on_demand[row(t)]; }
  int capacity(std::uint32_t pool, Time t) const { return columns_[pool].capacity[row(t)]; }

 private:
  struct Columns {
    std::vector<HourlyPrice> spot;
    std::vector<HourlyPrice> on_demand;
    std::vector<int> capacity;
  };

  std::size_t row(Time t) const { return static_cast<std::size_t>((t - start_) / tick_); }

  /// Instances that all groups together may want of a pool.
  int asked_of(std::uint32_t pool) const {
    int asked = 0;
    for (const Group& group : experiment_->mixes[0].groups) {
      for (std::size_t i = 0; i < group.pools.size(); ++i) {
        const int weight = group.weights.empty() ? 1 : group.weights[i];
        if (group.pools[i] == pool) asked += (group.count + weight - 1) / weight;
      }
    }
    return asked;
  }

  const Experiment* experiment_;
  Time start_;
  Duration tick_;
  std::vector<Columns> columns_;
};

}  // namespace spotmix::sim::naive
