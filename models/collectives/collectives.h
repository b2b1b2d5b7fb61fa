// Time of a collective operation among the ranks of one group on a topology.
//
// A `Communicator` is made once per (cluster, group) and then answers in well under a microsecond. It holds
// one line per algorithm and protocol: what the library believes the line costs (its own tuning, which
// decides) and what it does cost (fitted on measurements, fitted_costs.json). Where such groups were
// measured, their times answer instead (measured_group.h).
//
// Bytes are counted as nccl-tests does: all_reduce and broadcast, the buffer each rank holds; all_gather, the
// gathered whole; reduce_scatter, the whole that is reduced; all_to_all, what each rank sends in all, its own
// share included; send_receive, the message. One rank costs nothing.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>

#include "base/enums/enums.h"
#include "models/hardware/topology.h"

namespace spotmix::models {

enum class Collective : std::uint8_t {
  all_reduce,
  reduce_scatter,
  all_gather,
  all_to_all,
  broadcast,
  send_receive
};
constexpr auto enum_names(Collective) {
  using enum Collective;
  return enum_table<Collective>({{all_reduce, "all_reduce"},
                                 {reduce_scatter, "reduce_scatter"},
                                 {all_gather, "all_gather"},
                                 {all_to_all, "all_to_all"},
                                 {broadcast, "broadcast"},
                                 {send_receive, "send_receive", "send_recv"}});
}
inline constexpr std::size_t kCollectiveCount = kCountOf<Collective>;

enum class Algorithm : std::uint8_t {
  none,  ///< One rank: nothing to do.
  ring,
  tree,        ///< Double binary tree across nodes, chains inside them.
  in_network,  ///< The switch adds and multicasts (NVLink SHARP); across nodes a tree of such switches.
  direct,      ///< Every pair exchanges its part at once.
  one_shot,    ///< Custom kernel: each rank reads all others' whole buffers.
  two_shot,    ///< Custom kernel: reduce-scatter, then all-gather, through peer memory.
};

/// NCCL's protocols; `none` for algorithms that have but one.
enum class Protocol : std::uint8_t { none, low_latency, low_latency_128, simple };
/// As NCCL spells them.
constexpr auto enum_names(Protocol) {
  using enum Protocol;
  return enum_table<Protocol>(
      {{none, "none"}, {low_latency, "LL"}, {low_latency_128, "LL128"}, {simple, "Simple"}});
}

enum class Library : std::uint8_t {
  nccl,            ///< Current (2.2x) NCCL.
  nccl_2020,       ///< NCCL 2.7–2.10 on V100 and A100, as the training frameworks of 2020–2022 used it.
  custom_kernels,  ///< One- and two-shot kernels of inference engines up to 8 MiB, NCCL beyond.
};
constexpr auto enum_names(Library) {
  using enum Library;
  return enum_table<Library>({{nccl, "nccl"}, {nccl_2020, "nccl_2020"}, {custom_kernels, "custom_kernels"}});
}

/// Which ranks take part, and how many equal groups do the same at once and share each node's adapters: with
/// tensor parallelism 8 inside each node, a data-parallel group has one rank per node and 8 concurrent
/// groups.
struct GroupShape {
  int ranks_per_node = 1;
  int nodes = 1;
  int concurrent_groups = 1;
  bool across_zones = false;  ///< The nodes lie in more than one zone.

  int ranks() const { return ranks_per_node * nodes; }
  // NOLINTNEXTLINE(readability-implicit-bool-conversion): clang-tidy 14 sees one in the comparison of bools
  auto operator<=>(const GroupShape&) const = default;
};

struct CollectiveTime {
  double time_s = 0;
  Algorithm algorithm = Algorithm::none;
  Protocol protocol = Protocol::none;
  double bus_bytes_per_s = 0;  ///< nccl-tests' bus bandwidth; 0 for one rank or no bytes.
};

/// One algorithm and protocol. The library's belief decides, the cost is what is paid.
struct CollectiveLine {
  Algorithm algorithm = Algorithm::none;
  Protocol protocol = Protocol::none;
  double believed_latency_s = 0;
  double believed_s_per_byte = 0;
  double latency_s = 0;
  double s_per_byte = 0;
  double loop_bytes = std::numeric_limits<double>::infinity();  ///< Bytes of one pass over the buffers.
  double loop_s = 0;                                            ///< Each pass drains the pipeline once.

  double believed_s(double bytes) const { return believed_latency_s + bytes * believed_s_per_byte; }
  double cost_s(double bytes) const;
};

struct CollectiveCosts;  // fitted_costs.h

class Communicator {
 public:
  Communicator(const ClusterTopology& cluster, const GroupShape& group, Library library = Library::nccl);
  /// With other costs than the shipped ones, for fits and what-ifs.
  Communicator(const ClusterTopology& cluster, const GroupShape& group, Library library,
               const CollectiveCosts& costs);

  /// From now on `collective` takes what `time_s` says of its bytes, which must hold for this group's ranks.
  void use_measured(Collective collective, std::function<double(double bytes)> time_s);

  /// From now on nothing that passes through the links inside a node is faster than `inner`, the ranks of one
  /// of the nodes alone; what was measured keeps its time.
  void never_below(const Communicator& inner);

  int ranks() const { return ranks_; }
  CollectiveTime time(Collective collective, double bytes) const;
  double time_s(Collective collective, double bytes) const { return time(collective, bytes).time_s; }

  /// The algorithms and protocols that `collective` may use here, for explanation.
  std::span<const CollectiveLine> lines(Collective collective) const;

 private:
  static constexpr std::size_t kMaxLines = 6;
  struct LineSet {
    std::array<CollectiveLine, kMaxLines> lines;
    std::size_t count = 0;
    std::size_t custom = 0;  ///< The first `custom` lines serve up to custom_limit_bytes, the rest beyond.
    double custom_limit_bytes = 0;
    double bus_factor = 1;
    std::function<double(double bytes)> measured_s;
  };
  int ranks_ = 1;
  std::array<LineSet, kCollectiveCount> sets_;
  std::shared_ptr<const Communicator> inner_;
};

/// Bytes on the wire of the busiest rank ÷ bytes of the collective, as nccl-tests' bus bandwidth counts them:
/// 2(n−1)/n for all_reduce, (n−1)/n for reduce_scatter, all_gather and all_to_all, 1 for the others.
double bus_factor(Collective collective, int ranks);

}  // namespace spotmix::models
