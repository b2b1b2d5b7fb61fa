// One replication's reading of one pool: prices and capacity now, and when they will next matter.
//
// Times passed in mostly move forward; going back is allowed and costs a binary search.
#pragma once

#include <limits>

#include "sim/market/market.h"

namespace spotmix::sim {

inline constexpr int kUnlimited = std::numeric_limits<int>::max();

class PoolView {
 public:
  /// `instances_when_available` is what a yes of a binary capacity trace stands for. Whoever never buys spot
  /// sees neither its prices nor its capacity. `pool` must outlive the view.
  PoolView(const Pool& pool, int instances_when_available, bool buys_spot = true);

  /// To be called after the pool's series have changed.
  void rewind() {
    capacity_.rewind();
    spot_price_.rewind();
    on_demand_price_.rewind();
  }

  const Pool& pool() const { return *pool_; }
  bool sells_spot() const { return buys_spot_ && !pool_->spot_price.empty(); }
  bool sells_on_demand() const { return !pool_->on_demand_price.empty(); }

  /// Spot instances that this customer may run at `t`; kUnlimited without a capacity trace.
  int capacity_at(Time t) {
    if (!has_capacity()) return kUnlimited;
    capacity_.seek(t);
    return instances(capacity_.value());
  }

  /// When the capacity next changes after the time of the last `capacity_at`; kNever without a trace.
  Time next_capacity_change() const { return has_capacity() ? capacity_.next_change() : kNever; }

  HourlyPrice spot_price_at(Time t) {
    spot_price_.seek(t);
    return spot_price_.value();
  }
  HourlyPrice on_demand_price_at(Time t) {
    on_demand_price_.seek(t);
    return on_demand_price_.value();
  }

  /// The first time after `t` at which the spot price goes from at most `limit` to above it, or back; kNever
  /// when it does not within the trace.
  Time next_price_crossing(Time t, HourlyPrice limit);
  /// The same of a limit that is `less` below the on-demand price, which the pool must sell at and which
  /// moves too.
  Time next_on_demand_crossing(Time t, HourlyPrice less);

  /// When the first of this pool's traces ends: nothing is known from then on.
  Time known_until() const;
  /// The same of the on-demand price alone.
  Time on_demand_known_until() const { return sells_on_demand() ? pool_->on_demand_price.end : kNever; }

 private:
  /// Asked each time: a history of its own is put together after the view is made.
  bool has_capacity() const { return buys_spot_ && !pool_->capacity.empty(); }
  int instances(int traced) const {
    return pool_->capacity_is_binary ? (traced > 0 ? instances_when_available_ : 0) : traced;
  }

  const Pool* pool_;
  bool buys_spot_;
  int instances_when_available_;
  SeriesCursor<int> capacity_;
  SeriesCursor<HourlyPrice> spot_price_;
  SeriesCursor<HourlyPrice> on_demand_price_;
};

}  // namespace spotmix::sim
