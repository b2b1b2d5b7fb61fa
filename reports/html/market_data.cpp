#include "reports/html/market_data.h"

#include <nlohmann/json.hpp>

#include "reports/html/column.h"
#include "reports/html/step_series.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

/// Finer than a screen shows, and few enough for a million random prices to stay small.
constexpr std::int64_t kMostPriceUnits = 1 << 16;
/// More than a screen has pixels beside each other.
constexpr std::size_t kOverviewBuckets = 1500;

std::int64_t number(HourlyPrice price) {
  return price.nano_usd_per_h;
}

std::int64_t number(int count) {
  return count;
}

template <class Value>
StepSeries step_series(const Series<Value>& series) {
  StepSeries numbers{series.at, {}, series.end};
  numbers.value.reserve(series.value.size());
  for (const Value value : series.value) numbers.value.push_back(number(value));
  return numbers;
}

Json points_json(const StepSeries& series, double scale, std::int64_t most_units) {
  return {{"at", times_column(series.at)}, {"value", column_json(series.value, scale, most_units)}};
}

Json summary_json(const StepSummary& summary, double scale) {
  return {{"least", summary.least * scale},
          {"mean", summary.mean * scale},
          {"most", summary.most * scale},
          {"positive", summary.positive},
          {"changes", summary.changes}};
}

/// The series as it is drawn at first; a longer one goes, whole, into `wholes`.
template <class Value>
Json series_json(const Series<Value>& series, double scale, std::int64_t most_units, Json& wholes) {
  if (series.empty()) return nullptr;
  const StepSeries whole = step_series(series);
  const StepSeries part = overview(whole, kOverviewBuckets);
  Json json = points_json(part, scale, most_units);
  json["end"] = to_unix_seconds(series.end);
  json["summary"] = summary_json(summary_of(whole), scale);
  json["whole"] = nullptr;
  if (part.at.size() < whole.at.size()) {
    json["whole"] = wholes.size();
    wholes.push_back(points_json(whole, scale, most_units));
  }
  return json;
}

}  // namespace

Json market_json(const MarketHistory& market, Json& series) {
  Json pools = Json::array();
  for (const PoolHistory& pool : market.pools) {
    pools.push_back({{"spot", series_json(pool.spot_price, kUsdPerNano, kMostPriceUnits, series)},
                     {"on_demand", series_json(pool.on_demand_price, kUsdPerNano, kMostPriceUnits, series)},
                     {"capacity", series_json(pool.capacity, 1, kMostUnits, series)},
                     {"capacity_is_binary", pool.capacity_is_binary}});
  }
  return {{"begin", to_unix_seconds(market.begin)}, {"end", to_unix_seconds(market.end)}, {"pools", pools}};
}

}  // namespace spotmix::reports
