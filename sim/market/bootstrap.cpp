#include "sim/market/bootstrap.h"

#include <algorithm>
#include <numeric>
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
  if (!traced(source)) return;
  SeriesCursor<Value> cursor(source);
  cursor.seek(from);
  for (Time t = from; t < from + length; t = cursor.next_change()) {
    cursor.seek(t);
    if (out.empty() || out.value.back() != cursor.value()) {
      out.at.push_back(at + (t - from));
      out.value.push_back(cursor.value());
    }
  }
  out.end = at + length;
}

template <class Value>
void forget(const Series<Value>& source, Time start, Series<Value>& out) {
  if (!traced(source)) return;
  out.at.clear();
  out.value.clear();
  out.end = start;
}

std::vector<std::uint32_t> all_pools(const Market& market) {
  std::vector<std::uint32_t> pools(market.pools.size());
  std::iota(pools.begin(), pools.end(), 0U);
  return pools;
}

/// The market without the traces, which histories of its pools replace.
Market without_traces(const Market& source) {
  Market market = source;
  for (Pool& pool : market.pools) {
    if (traced(pool.spot_price)) pool.spot_price = PriceSeries{};
    if (traced(pool.capacity)) pool.capacity = CapacitySeries{};
  }
  return market;
}

/// A moment from which a block fits in the window.
Time draw(RandomStream& random, const TraceWindow& window, Duration block) {
  const auto starts = static_cast<std::uint64_t>((window.end - window.begin - block).count()) + 1;
  return window.begin + Duration{static_cast<std::int64_t>(random.below(starts))};
}

}  // namespace

TraceWindow window_of(const Pool& pool) {
  TraceWindow window;
  narrow(window, pool.spot_price);
  narrow(window, pool.capacity);
  return window;
}

TraceWindow common_window(const Market& market) {
  TraceWindow window;
  for (const Pool& pool : market.pools) {
    narrow(window, pool.spot_price);
    narrow(window, pool.capacity);
  }
  return window;
}

BootstrappedMarket::BootstrappedMarket(const Market& source)
    : BootstrappedMarket(source, all_pools(source)) {}

BootstrappedMarket::BootstrappedMarket(const Market& source, std::span<const std::uint32_t> pools)
    : source_(&source),
      market_(without_traces(source)),
      window_(source.bootstrap.window.value_or(common_window(source))),
      random_(0, 0, 0, Purpose::price_path) {
  for (const std::uint32_t pool : pools) {
    const TraceWindow window = window_of(source.pools[pool]);
    if (window.begin != Time::min()) followed_.push_back({pool, window, {}, 0});
  }
  if (!from_blocks_alone()) {
    for (const Followed& followed : followed_) traces_end_ = std::min(traces_end_, followed.window.end);
    return;
  }
  if (window_.end == kNever) throw std::invalid_argument("there are no traces to draw blocks from");
  if (window_.end - window_.begin < source.bootstrap.block)
    throw std::invalid_argument("the window that all traces cover is shorter than a block");
}

void BootstrappedMarket::restart(std::uint64_t seed, std::uint64_t replication, Time start) {
  seed_ = seed;
  replication_ = replication;
  random_ = RandomStream(seed, replication, 0, Purpose::price_path);
  known_until_ = start;
  for (Followed& followed : followed_) {
    const Pool& pool = source_->pools[followed.pool];
    forget(pool.spot_price, start, market_.pools[followed.pool].spot_price);
    forget(pool.capacity, start, market_.pools[followed.pool].capacity);
    followed.known_until = start;
    followed.blocks = 0;
  }
}

void BootstrappedMarket::extend(Time until) {
  if (from_blocks_alone()) {
    while (known_until_ < until) append_common_block();
    return;
  }
  for (Followed& followed : followed_) extend(followed, until);
  known_until_ = std::max(known_until_, until);
}

void BootstrappedMarket::append(const Followed& followed, Time from, Duration length, Time at) {
  const Pool& pool = source_->pools[followed.pool];
  sim::append(pool.spot_price, from, length, at, market_.pools[followed.pool].spot_price);
  sim::append(pool.capacity, from, length, at, market_.pools[followed.pool].capacity);
}

void BootstrappedMarket::append_common_block() {
  const Duration block = source_->bootstrap.block;
  const Time from = draw(random_, window_, block);
  for (const Followed& followed : followed_) append(followed, from, block, known_until_);
  known_until_ += block;
}

/// As the traces are, then by blocks of their end.
void BootstrappedMarket::extend(Followed& followed, Time until) {
  const Time as_it_is = std::min(until, followed.window.end);
  if (followed.known_until < as_it_is) {
    append(followed, followed.known_until, as_it_is - followed.known_until, followed.known_until);
    followed.known_until = as_it_is;
  }
  while (followed.known_until < until) append_last_block(followed);
}

void BootstrappedMarket::append_last_block(Followed& followed) {
  const AfterTraces& after = source_->after_traces;
  TraceWindow last = followed.window;
  if (last.end - last.begin > after.window) last.begin = last.end - after.window;
  const Duration block = std::min(after.block, last.end - last.begin);
  // One stream for each block, so that pools whose traces end together share them.
  RandomStream random(seed_, replication_, ++followed.blocks, Purpose::price_path);
  append(followed, draw(random, last, block), block, followed.known_until);
  followed.known_until += block;
}

}  // namespace spotmix::sim
