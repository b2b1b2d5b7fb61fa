#include "reports/html/page_data.h"

#include <limits>
#include <utility>

#include "reports/text/names.h"
#include "reports/thresholds.h"
#include "reports/trace/tracks.h"
#include "reports/verdict.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kSecondsPerTick = 1e-9;
constexpr double kUsdPerNano = 1e-9;
constexpr std::int64_t kMostTimeUnits = 1 << 30;
/// Finer than a screen shows, and few enough for a million random prices to stay small.
constexpr std::int64_t kMostPriceUnits = 1 << 16;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json times_column(const std::vector<Time>& times, Columns& columns) {
  std::vector<std::int64_t> ticks;
  ticks.reserve(times.size());
  for (const Time time : times) ticks.push_back(time.count());
  return columns.integers(ticks, kSecondsPerTick, kMostTimeUnits);
}

Json verdict_json(const Report& report) {
  const Verdict verdict = verdict_of(report);
  return {{"text", verdict_text(report)},      {"best", or_null(verdict.best)},
          {"likely", or_null(verdict.likely)}, {"on_demand", or_null(verdict.on_demand)},
          {"saving", or_null(verdict.saving)}, {"good_odds", kGoodOdds}};
}

Json replications_json(const sim::MixResult& mix, Columns& columns) {
  if (mix.replications.empty()) return nullptr;
  std::vector<float> times;
  std::vector<float> costs;
  for (const sim::ReplicationOutcome& outcome : mix.replications) {
    const double time =
        outcome.finished() ? to_seconds(outcome.time_to_train) : std::numeric_limits<double>::quiet_NaN();
    times.push_back(static_cast<float>(time));
    costs.push_back(static_cast<float>(to_usd(outcome.cost)));
  }
  return {{"time_to_train_s", columns.floats(times)}, {"cost_usd", columns.floats(costs)}};
}

Json series_json(const sim::PriceSeries& series, Columns& columns) {
  if (series.empty()) return nullptr;
  std::vector<std::int64_t> prices;
  prices.reserve(series.value.size());
  for (const HourlyPrice price : series.value) prices.push_back(price.nano_usd_per_h);
  return {{"at", times_column(series.at, columns)},
          {"value", columns.integers(prices, kUsdPerNano, kMostPriceUnits)},
          {"end", to_seconds(series.end)}};
}

Json series_json(const sim::CapacitySeries& series, Columns& columns) {
  if (series.empty()) return nullptr;
  const std::vector<std::int64_t> counts(series.value.begin(), series.value.end());
  return {{"at", times_column(series.at, columns)},
          {"value", columns.integers(counts, 1, kMostTimeUnits)},
          {"end", to_seconds(series.end)}};
}

Json market_json(const MarketHistory& market, Columns& columns) {
  Json pools = Json::array();
  for (const PoolHistory& pool : market.pools) {
    pools.push_back({{"spot", series_json(pool.spot_price, columns)},
                     {"on_demand", series_json(pool.on_demand_price, columns)},
                     {"capacity", series_json(pool.capacity, columns)},
                     {"capacity_is_binary", pool.capacity_is_binary}});
  }
  return {{"begin", to_seconds(market.begin)}, {"end", to_seconds(market.end)}, {"pools", pools}};
}

/// A table as columns, one value of each per row.
class Table {
 public:
  explicit Table(Columns& columns) : columns_(columns) {}

  template <class Rows, class Value>
  Table& column(const char* name, const Rows& rows, Value&& value) {
    std::vector<std::int64_t> values;
    for (const auto& row : rows) values.push_back(static_cast<std::int64_t>(value(row)));
    table_[name] = columns_.integers(values, 1, kMostTimeUnits);
    return *this;
  }
  template <class Rows, class When>
  Table& moments(const char* name, const Rows& rows, Time start, When&& when) {
    std::vector<Time> times;
    for (const auto& row : rows) times.push_back(when(row) - start);
    table_[name] = times_column(times, columns_);
    return *this;
  }
  Json take() { return std::move(table_); }

 private:
  Columns& columns_;
  Json table_ = Json::object();
};

/// The instances of a replay with what they, and the job, did. Track 0 is the job.
Json replay_json(const Replay& replay, Columns& columns) {
  const std::vector<Track> tracks = tracks_of(replay);
  using OnTrack = std::pair<std::size_t, Span>;
  using MarkOnTrack = std::pair<std::size_t, Mark>;
  std::vector<OnTrack> spans;
  std::vector<MarkOnTrack> marks;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    for (const Span& span : tracks[i].spans) spans.emplace_back(i, span);
    for (const Mark& mark : tracks[i].marks) marks.emplace_back(i, mark);
  }
  const Time start = replay.record.start;
  const std::vector<Track> instances(tracks.begin() + 1, tracks.end());
  return {{"mix", replay.mix},
          {"replication", replay.replication},
          {"start", to_seconds(start)},
          {"instances", Table(columns)
                            .column("number", instances, [](const Track& track) { return track.instance; })
                            .column("pool", instances, [](const Track& track) { return track.pool; })
                            .column("purchase", instances, [](const Track& track) { return track.purchase; })
                            .take()},
          {"spans", Table(columns)
                        .column("track", spans, [](const OnTrack& row) { return row.first; })
                        .column("activity", spans, [](const OnTrack& row) { return row.second.activity; })
                        .moments("from", spans, start, [](const OnTrack& row) { return row.second.from; })
                        .moments("to", spans, start, [](const OnTrack& row) { return row.second.to; })
                        .take()},
          {"marks", Table(columns)
                        .column("track", marks, [](const MarkOnTrack& row) { return row.first; })
                        .column("kind", marks, [](const MarkOnTrack& row) { return row.second.kind; })
                        .moments("at", marks, start, [](const MarkOnTrack& row) { return row.second.at; })
                        .take()}};
}

/// The names behind the numbers of a replay's columns.
Json names_json() {
  Json activities = Json::array();
  for (int i = 0; i <= static_cast<int>(Activity::lost); ++i) {
    activities.push_back(name_of(static_cast<Activity>(i)));
  }
  Json marks = Json::array();
  for (int i = 0; i <= static_cast<int>(sim::TimelineKind::waiting_begun); ++i) {
    marks.push_back(sim::name_of(static_cast<sim::TimelineKind>(i)));
  }
  Json purchases = Json::array();
  for (int i = 0; i <= static_cast<int>(sim::Purchase::reserved); ++i) {
    purchases.push_back(name_of(static_cast<sim::Purchase>(i)));
  }
  return {{"activities", activities}, {"marks", marks}, {"purchases", purchases}};
}

Json reproduction_json(const Reproduction& reproduction) {
  Json inputs = Json::array();
  for (const Input& input : reproduction.inputs) {
    inputs.push_back({{"role", input.role}, {"name", input.name}, {"sha256", input.sha256}});
  }
  return {{"command_line", reproduction.command_line},
          {"scenario_text", reproduction.scenario_text},
          {"inputs", inputs}};
}

}  // namespace

Json page_data(const Report& report, Columns& columns) {
  Json data;
  data["verdict"] = verdict_json(report);
  data["thresholds"] = Json::array();
  for (const ThresholdResult& threshold : report.thresholds) {
    data["thresholds"].push_back({{"text", text_of(threshold)}, {"met", threshold.met}});
  }
  data["pools"] = Json::array();
  for (const PoolName& pool : report.pools) {
    data["pools"].push_back({{"instance_type", pool.instance_type}, {"zone", pool.zone}});
  }
  data["replications"] = Json::array();
  for (const sim::MixResult& mix : report.batch.mixes) {
    data["replications"].push_back(replications_json(mix, columns));
  }
  data["market"] = report.market ? market_json(*report.market, columns) : Json(nullptr);
  data["replays"] = Json::array();
  for (const Replay& replay : report.replays) data["replays"].push_back(replay_json(replay, columns));
  data["names"] = names_json();
  data["reproduction"] = report.reproduction ? reproduction_json(*report.reproduction) : Json(nullptr);
  return data;
}

}  // namespace spotmix::reports
