// New market histories out of one trace: the moving block bootstrap, Künsch 1989.
#pragma once

#include "base/random/random.h"
#include "sim/market/market.h"

namespace spotmix::sim {

/// Where all traced pools of a market have both prices and capacity.
struct TraceWindow {
  Time begin = Time::min();
  Time end = kNever;
};
TraceWindow common_window(const Market& market);

/// A market whose spot prices and capacities are put together from blocks of the source's traces, as far as
/// they are needed: each block begins at a uniformly drawn moment and is the same for all pools, so that what
/// happens together stays together. On-demand prices keep their dates. How the history is asked for does not
/// change it.
class BootstrappedMarket {
 public:
  /// `source` must outlive this. Throws std::invalid_argument when nothing is traced, or when the common
  /// window of the traces is shorter than a block.
  explicit BootstrappedMarket(const Market& source);

  /// The history so far. Its series end at known_until(): what they say of that moment is not known yet.
  const Market& market() const { return market_; }

  /// A new history, which begins at `start`; nothing of it is known yet.
  void restart(std::uint64_t seed, std::uint64_t replication, Time start);

  /// Makes the history known up to `until` at least, in whole blocks. Cursors of the series stay where they
  /// are.
  void extend(Time until);
  Time known_until() const { return known_until_; }

 private:
  void append_block();

  const Market* source_;
  Market market_;
  TraceWindow window_;
  RandomStream random_;
  Time known_until_{};
};

}  // namespace spotmix::sim
