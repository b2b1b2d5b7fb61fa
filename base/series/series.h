// A step function of time, as traces give it: value[i] holds from at[i] until at[i + 1], the last until
// `end`.
//
// Invariants: `at` strictly increases, both vectors are equally long, end ≥ the last of `at`. Before at[0]
// and from `end` on the value is unknown. Repeats of an unchanged value are allowed but cost time; importers
// drop them.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "base/units/money.h"
#include "base/units/time.h"

namespace spotmix {

template <class Value>
struct Series {
  std::vector<Time> at;
  std::vector<Value> value;
  Time end = kNever;  ///< the trace says nothing from here on

  bool empty() const { return at.empty(); }
  Time begin() const { return at.front(); }
  bool covers(Time t) const { return !empty() && t >= at.front() && t < end; }
};

using PriceSeries = Series<HourlyPrice>;
using CapacitySeries = Series<int>;  ///< how many spot instances the market would let one customer run

/// A series that holds one value forever.
template <class Value>
Series<Value> constant_series(Value value) {
  return {{Time::min()}, {value}, kNever};
}

/// Reads a Series at times that mostly move forward: amortised constant time, logarithmic when it jumps.
/// The series must outlive the cursor. A cursor on an empty series may not be read.
template <class Value>
class SeriesCursor {
 public:
  explicit SeriesCursor(const Series<Value>& series) : series_(&series) {}

  /// Moves to the step that holds at `t`, which must not be before the series begins.
  void seek(Time t) {
    const auto& at = series_->at;
    assert(!at.empty());
    if (t < at[index_]) {
      jump(t);
      return;
    }
    for (int steps = 0; index_ + 1 < at.size() && at[index_ + 1] <= t; ++index_) {
      if (++steps > 16) {
        jump(t);
        return;
      }
    }
  }

  const Value& value() const {
    assert(!series_->empty());
    return series_->value[index_];
  }
  std::size_t index() const { return index_; }

  /// When the value next changes (or the trace ends); kNever if it holds forever.
  Time next_change() const {
    return index_ + 1 < series_->at.size() ? series_->at[index_ + 1] : series_->end;
  }
  /// Back to the first step, after the series has changed.
  void rewind() { index_ = 0; }

 private:
  void jump(Time t) {
    const auto after = std::upper_bound(series_->at.begin(), series_->at.end(), t);
    if (after == series_->at.begin()) throw std::out_of_range("a series is read before it begins");
    index_ = static_cast<std::size_t>(after - series_->at.begin()) - 1;
  }

  const Series<Value>* series_;
  std::size_t index_ = 0;
};

/// The value at `t`, which the series must cover.
template <class Value>
const Value& value_at(const Series<Value>& series, Time t) {
  const auto after = std::upper_bound(series.at.begin(), series.at.end(), t);
  assert(after != series.at.begin());
  return series.value[static_cast<std::size_t>(after - series.at.begin()) - 1];
}

}  // namespace spotmix
