// New market histories out of traces: the moving block bootstrap, Künsch 1989.
#pragma once

#include <span>
#include <vector>

#include "base/random/random.h"
#include "sim/market/market.h"

namespace spotmix::sim {

/// Where all traced pools of a market have both prices and capacity.
TraceWindow common_window(const Market& market);

/// Where a pool's traces have both prices and capacity; all of time for a pool without traces.
TraceWindow window_of(const Pool& pool);

/// A market whose spot prices and capacities are put together as far as they are needed: from blocks of the
/// traces alone (Market::bootstrap), or from the traces as they are and, after the end of a pool's, from
/// blocks of its last part (Market::after_traces). Each block begins at a uniformly drawn moment; it is the
/// same for all pools, or for all whose traces end together, so that what happens together stays together.
/// On-demand prices keep their dates. How the history is asked for does not change it, nor does which pools
/// are followed.
class BootstrappedMarket {
 public:
  /// Follows the pools of these numbers; the others have no spot prices and no capacities. `source` must
  /// outlive this. Throws std::invalid_argument if there are no traces to draw blocks from, or if the window
  /// of Market::bootstrap is shorter than a block.
  BootstrappedMarket(const Market& source, std::span<const std::uint32_t> pools);
  /// Follows all pools.
  explicit BootstrappedMarket(const Market& source);

  /// The history so far. Its series end at known_until(), or later: what they say of that moment is not known
  /// yet.
  const Market& market() const { return market_; }

  /// A new history, which begins at `start`; nothing of it is known yet.
  void restart(std::uint64_t seed, std::uint64_t replication, Time start);

  /// Makes the history known up to `until` at least. Cursors of the series stay where they are.
  void extend(Time until);
  Time known_until() const { return known_until_; }

  /// When the first trace of a pool that is followed ends; kNever if blocks of traces are all there is.
  Time traces_end() const { return traces_end_; }

 private:
  /// A pool that has traces.
  struct Followed {
    std::uint32_t pool = 0;
    TraceWindow window;        ///< Of its own traces.
    Time known_until{};        ///< Of its history.
    std::uint64_t blocks = 0;  ///< Drawn so far.
  };

  bool from_blocks_alone() const { return source_->bootstrap.block.count() > 0; }
  void append_common_block();
  void extend(Followed& followed, Time until);
  void append_last_block(Followed& followed);
  void append(const Followed& followed, Time from, Duration length, Time at);

  const Market* source_;
  Market market_;
  std::vector<Followed> followed_;
  TraceWindow window_;  ///< That blocks of Market::bootstrap are drawn from.
  Time traces_end_ = kNever;
  RandomStream random_;
  std::uint64_t seed_ = 0;
  std::uint64_t replication_ = 0;
  Time known_until_{};
};

}  // namespace spotmix::sim
