// Small experiments for tests: one job, a few pools, everything at zero unless said.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/replay/experiment.h"
#include "sim/replay/replication.h"

namespace spotmix::sim::test {

template <class Value>
Series<Value> series(std::initializer_list<std::pair<Duration, Value>> steps, Duration end = kForever) {
  Series<Value> result;
  for (const auto& [at, value] : steps) {
    result.at.push_back(Time{at});
    result.value.push_back(value);
  }
  result.end = Time{end};
  return result;
}

inline PriceSeries prices(std::initializer_list<std::pair<Duration, double>> steps) {
  PriceSeries result;
  for (const auto& [at, usd] : steps) {
    result.at.push_back(Time{at});
    result.value.push_back(usd_per_hour(usd));
  }
  return result;
}

/// A pool at $1/h spot and $3/h on demand, with as much capacity as asked for.
inline Pool pool(const char* zone = "a") {
  Pool result;
  result.instance_type = "type";
  result.zone = zone;
  result.spot_price = constant_series(usd_per_hour(1));
  result.on_demand_price = constant_series(usd_per_hour(3));
  return result;
}

/// One spot instance, ten hours of work, no checkpoints, no delays.
inline Experiment scene(std::vector<Pool> pools = {pool()}) {
  Experiment experiment;
  Group group;
  for (std::uint32_t p = 0; p < pools.size(); ++p) group.pools.push_back(p);
  experiment.market.pools = std::move(pools);
  Mix mix;
  mix.name = "mix";
  mix.groups = {group};
  mix.launch.retry = Duration{0};
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::none;
  mix.work = hours{10};
  experiment.mixes = {mix};
  experiment.horizon = hours{24 * 30};
  return experiment;
}

inline Group& group(Experiment& experiment) {
  return experiment.mixes[0].groups[0];
}

struct Run {
  ReplicationOutcome outcome;
  ReplicationRecord record;
  CauseTime time;
  CauseCost cost_by_cause;
  CostByPurchase<Money> cost_by_purchase;

  std::vector<TimelineEvent> events(TimelineKind kind) const {
    std::vector<TimelineEvent> result;
    for (const TimelineEvent& event : record.timeline) {
      if (event.kind == kind) result.push_back(event);
    }
    return result;
  }
  /// When it happened, from the beginning of time.
  std::vector<Duration> times(TimelineKind kind) const {
    std::vector<Duration> result;
    for (const TimelineEvent& event : events(kind)) result.push_back(event.at.time_since_epoch());
    return result;
  }
};

inline Run run(const Experiment& experiment, std::uint64_t replication = 0) {
  Run result;
  Replication replay(experiment, 0);
  replay.record_into(&result.record);
  result.outcome = replay.run(replication);
  result.time = replay.ledger().time();
  result.cost_by_cause = replay.ledger().cost_by_cause();
  result.cost_by_purchase = replay.ledger().cost_by_purchase();
  return result;
}

}  // namespace spotmix::sim::test
