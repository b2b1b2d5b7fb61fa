// The market: what each pool costs and how many instances it gives, over time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "base/series/series.h"
#include "sim/market/lifetime.h"

namespace spotmix::sim {

/// How the provider sets spot prices and takes instances back (docs/rules.md 4 and 5).
enum class Regime {
  aws_auction,   ///< before 2017-11-28: an instance runs while its maximum price ≥ the market price
  aws_smoothed,  ///< since: capacity decides; the price only if a maximum was set
};
constexpr auto enum_names(Regime) {
  using enum Regime;
  return enum_table<Regime>({{aws_auction, "aws_auction"}, {aws_smoothed, "aws_smoothed"}});
}

/// Regions of a market at most: sets of them are kept as bits.
inline constexpr std::uint32_t kMostRegions = 64;

/// One instance type in one zone, however it is bought.
struct Pool {
  std::string instance_type;
  std::string zone;
  std::uint32_t region = 0;     ///< number of the zone's region in the market, below kMostRegions
  PriceSeries spot_price;       ///< empty: not offered as spot
  PriceSeries on_demand_price;  ///< by date (docs/rules.md 14); empty: not offered on demand
  CapacitySeries capacity;      ///< spot instances available; empty: as many as asked for
  /// The capacity trace says only yes (1) or no (0): a yes means `Market::capacity_when_available` instances,
  /// or, where that is not given, as many as the mix asks of this pool.
  bool capacity_is_binary = false;
  /// Ends spot instances of this pool after a time drawn for each, besides what prices and capacity do.
  std::shared_ptr<const LifetimeModel> lifetime;
  /// Where a trace follows single instances: when the first, second, … instance launched here ends (kNever:
  /// not within the trace). The capacity then only says what can be launched.
  std::vector<Time> ends_of_launches;
  HourlyPrice reserved_price;  ///< effective, amortised over the reservation's term (docs/rules.md 7)
  /// What the operating system adds to every price that is charged (docs/rules.md 1); no maximum price is
  /// compared with it.
  HourlyPrice surcharge;
  HourlyPrice service_fee;         ///< of a managed service, on top of any purchase (docs/rules.md 10)
  int vcpus = 0;                   ///< of one instance, for quotas
  std::uint32_t quota = kNoQuota;  ///< index into Market::quotas

  static constexpr std::uint32_t kNoQuota = 0xffffffff;
};

/// The most vCPUs that one customer may run of a family class in one region, pending ones included
/// (docs/rules.md 15): over all pools that name it.
struct Quota {
  std::string family_class;
  int spot_vcpus = 0;
  int on_demand_vcpus = 0;  ///< reserved instances count here too
};

/// The provider now and then takes a share of a zone's spot instances at once.
struct ZoneReclaims {
  Duration mean_between{0};  ///< between two reclaims in one zone, exponentially distributed; zero: none
  double share = 0;          ///< of our instances in the zone, each of which goes with this probability
};

/// A stretch of time of traces.
struct TraceWindow {
  Time begin = Time::min();
  Time end = kNever;
};

/// Independent histories from one trace: each replication replays blocks of it, drawn with replacement, the
/// same blocks for all pools so that what happens together stays together (the moving block bootstrap, Künsch
/// 1989).
struct Bootstrap {
  Duration block{0};                  ///< length of a block; zero: replay the trace as it is
  std::optional<TraceWindow> window;  ///< that blocks are drawn from; nullopt: where all traces are known
};

/// What a replication does that starts after the end of a trace, or outlives it: it goes on with blocks of
/// the trace's last part, drawn as those of Bootstrap are.
struct AfterTraces {
  Duration block{0};                 ///< length of a block; zero: the replication ends with the trace
  Duration window = hours{24 * 90};  ///< length of that last part
};

struct Market {
  Regime regime = Regime::aws_smoothed;
  std::vector<Pool> pools;
  std::optional<int> capacity_when_available;
  /// Time between the notice and the loss of an instance (docs/rules.md 6). The notice of a loss at T comes
  /// at T − notice, or at once for an instance that started later than that.
  Duration notice = seconds{120};
  /// How long before the notice a rebalance recommendation comes (docs/rules.md 6); zero: none comes before
  /// the notice.
  Duration rebalance_lead{0};
  std::vector<Quota> quotas;
  ZoneReclaims zone_reclaims;
  Bootstrap bootstrap;
  AfterTraces after_traces;
  /// A price above a maximum price by no more than this does not interrupt: published prices are rounded
  /// (docs/rules.md 5).
  HourlyPrice price_tolerance{10'000};
};

}  // namespace spotmix::sim
