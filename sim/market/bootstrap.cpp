#include "sim/market/bootstrap.h"

#include <algorithm>

namespace spotmix::sim {
namespace {

template <class Value>
bool traced(const Series<Value>& series) {
  return !series.empty() && !(series.at.size() == 1 && series.end == kNever);
}

template <class Value>
void narrow(TraceWindow& window, const Series<Value>& series) {
  if (!traced(series)) return;
  window.begin = std::max(window.begin, series.begin());
  window.end = std::min(window.end, series.end);
}

/// Appends source's [from, from + length) to `out` at `at`, leaving out changes that change nothing.
template <class Value>
void append(const Series<Value>& source, Time from, Duration length, Time at, Series<Value>& out) {
  SeriesCursor<Value> cursor(source);
  cursor.seek(from);
  for (Time t = from; t < from + length; t = cursor.next_change()) {
    cursor.seek(t);
    if (out.empty() || out.value.back() != cursor.value()) {
      out.at.push_back(at + (t - from));
      out.value.push_back(cursor.value());
    }
  }
}

template <class Value>
void start_over(const Series<Value>& source, Time end, Series<Value>& out) {
  if (!traced(source)) return;
  out.at.clear();
  out.value.clear();
  out.end = end;
}

}  // namespace

TraceWindow common_window(const Market& market) {
  TraceWindow window;
  for (const Pool& pool : market.pools) {
    narrow(window, pool.spot_price);
    narrow(window, pool.capacity);
  }
  return window;
}

void bootstrap_market(const Market& source, RandomStream& random, Time start, Duration horizon, Market& out) {
  const TraceWindow window = common_window(source);
  if (window.end == kNever) return;  // nothing is traced: nothing to draw from
  const Duration block = source.bootstrap.block;
  const auto starts = static_cast<std::uint64_t>((window.end - window.begin - block).count()) + 1;
  const Time end = start + horizon + block;
  for (std::size_t p = 0; p < source.pools.size(); ++p) {
    start_over(source.pools[p].spot_price, end, out.pools[p].spot_price);
    start_over(source.pools[p].capacity, end, out.pools[p].capacity);
  }
  for (Time at = start; at < end; at += block) {
    const Time from = window.begin + Duration{static_cast<std::int64_t>(random.below(starts))};
    const Duration length = std::min(block, end - at);
    for (std::size_t p = 0; p < source.pools.size(); ++p) {
      const Pool& pool = source.pools[p];
      if (traced(pool.spot_price)) append(pool.spot_price, from, length, at, out.pools[p].spot_price);
      if (traced(pool.capacity)) append(pool.capacity, from, length, at, out.pools[p].capacity);
    }
  }
}

}  // namespace spotmix::sim
