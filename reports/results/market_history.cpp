#include "reports/results/market_history.h"

#include <algorithm>

#include "sim/market/bootstrap.h"

namespace spotmix::reports {
namespace {

template <class Value>
Series<Value> within(const Series<Value>& series, Time begin, Time end) {
  Series<Value> part;
  if (series.empty() || series.begin() >= end || series.end <= begin) return part;
  auto first = std::upper_bound(series.at.begin(), series.at.end(), begin);
  if (first != series.at.begin()) --first;  // the value that holds at `begin`
  const auto last = std::lower_bound(first, series.at.end(), end);
  const auto value = series.value.begin() + (first - series.at.begin());
  part.at.assign(first, last);
  part.value.assign(value, value + (last - first));
  part.at.front() = std::max(part.at.front(), begin);
  part.end = std::min(series.end, end);
  return part;
}

/// How long the longest replication took; the whole horizon where some did not finish.
Duration longest(const sim::Experiment& experiment, const sim::BatchResult& batch) {
  Duration time = experiment.deadline.value_or(Duration{0});
  for (const sim::MixResult& mix : batch.mixes) {
    if (mix.infeasible_reason) continue;
    if (mix.finished.value < 1) return experiment.horizon;
    if (mix.time_to_train_s) time = std::max(time, from_seconds(mix.time_to_train_s->p95));
    for (const sim::ReplicationOutcome& outcome : mix.replications) {
      time = std::max(time, outcome.time_to_train);
    }
  }
  return time;
}

/// When the last of the pools' traces ends; kNever if one holds forever.
Time end_of_traces(const sim::Market& market) {
  Time end = Time::min();
  for (const sim::Pool& pool : market.pools) {
    if (!pool.spot_price.empty()) end = std::max(end, pool.spot_price.end);
    if (!pool.capacity.empty()) end = std::max(end, pool.capacity.end);
  }
  return end == Time::min() ? kNever : end;
}

}  // namespace

MarketHistory market_history(const sim::Experiment& experiment, const sim::BatchResult& batch) {
  const sim::Market& market = experiment.market;
  MarketHistory history;
  history.begin = experiment.start.sampled ? experiment.start.earliest : experiment.start.fixed;
  const Time last_start = experiment.start.sampled ? experiment.start.latest : experiment.start.fixed;
  history.end = std::min(last_start + longest(experiment, batch), end_of_traces(market));
  // Starts after the traces replay their last part.
  if (history.begin >= history.end) history.begin = history.end - market.after_traces.window;
  const sim::TraceWindow window = market.bootstrap.window.value_or(sim::common_window(market));
  if (market.bootstrap.block.count() > 0 && window.end != kNever) {
    history.begin = window.begin;
    history.end = window.end;
  }
  for (const sim::Pool& pool : market.pools) {
    const auto part = [&](const auto& series) { return within(series, history.begin, history.end); };
    history.pools.push_back(
        {part(pool.spot_price), part(pool.on_demand_price), part(pool.capacity), pool.capacity_is_binary});
  }
  return history;
}

}  // namespace spotmix::reports
