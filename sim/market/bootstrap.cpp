#include "sim/market/bootstrap.h"

#include <algorithm>
#include <stdexcept>

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
void forget(const Series<Value>& source, Time start, Series<Value>& out) {
  if (!traced(source)) return;
  out.at.clear();
  out.value.clear();
  out.end = start;
}

/// The block of `source` from `from` on, appended to `out` at `at`.
template <class Value>
void append_block(const Series<Value>& source, Time from, Duration block, Time at, Series<Value>& out) {
  if (!traced(source)) return;
  append(source, from, block, at, out);
  out.end = at + block;
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

BootstrappedMarket::BootstrappedMarket(const Market& source)
    : source_(&source),
      market_(source),
      window_(common_window(source)),
      random_(0, 0, 0, Purpose::price_path) {
  if (window_.end == kNever) throw std::invalid_argument("there are no traces to draw blocks from");
  if (window_.end - window_.begin < source.bootstrap.block)
    throw std::invalid_argument("the window that all traces cover is shorter than a block");
}

void BootstrappedMarket::restart(std::uint64_t seed, std::uint64_t replication, Time start) {
  random_ = RandomStream(seed, replication, 0, Purpose::price_path);
  known_until_ = start;
  for (std::size_t p = 0; p < market_.pools.size(); ++p) {
    forget(source_->pools[p].spot_price, start, market_.pools[p].spot_price);
    forget(source_->pools[p].capacity, start, market_.pools[p].capacity);
  }
}

void BootstrappedMarket::extend(Time until) {
  while (known_until_ < until) append_block();
}

void BootstrappedMarket::append_block() {
  const Duration block = source_->bootstrap.block;
  const auto starts = static_cast<std::uint64_t>((window_.end - window_.begin - block).count()) + 1;
  const Time from = window_.begin + Duration{static_cast<std::int64_t>(random_.below(starts))};
  for (std::size_t p = 0; p < market_.pools.size(); ++p) {
    const Pool& pool = source_->pools[p];
    sim::append_block(pool.spot_price, from, block, known_until_, market_.pools[p].spot_price);
    sim::append_block(pool.capacity, from, block, known_until_, market_.pools[p].capacity);
  }
  known_until_ += block;
}

}  // namespace spotmix::sim
