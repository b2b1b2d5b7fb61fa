#include <nlohmann/json.hpp>

#include "base/text/text_values.h"
#include "reports/json/step_json.h"
#include "reports/trace_info.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json price_or_null(const std::optional<HourlyPrice>& price) {
  return price ? Json(to_usd_per_hour(*price)) : Json(nullptr);
}

Json prices_json(const std::optional<sim::PriceStatistics>& prices) {
  if (!prices) return nullptr;
  return {{"min", to_usd_per_hour(prices->min)},
          {"p50", to_usd_per_hour(prices->p50)},
          {"mean", prices->mean_usd_per_h},
          {"p95", to_usd_per_hour(prices->p95)},
          {"max", to_usd_per_hour(prices->max)}};
}

Json runs_json(const std::optional<sim::RunLengths>& runs) {
  if (!runs) return nullptr;
  return {{"min", to_hours(runs->min)},
          {"p50", to_hours(runs->p50)},
          {"mean", runs->mean_hours},
          {"p95", to_hours(runs->p95)},
          {"max", to_hours(runs->max)}};
}

Json run_lengths_json(const MaxPriceFigures& figures) {
  return {{"available", runs_json(figures.available_runs)},
          {"unavailable", runs_json(figures.unavailable_runs)}};
}

Json interruptions_json(const PoolInfo& pool) {
  Json list = Json::array();
  for (const MaxPriceFigures& figures : pool.at_max_prices) {
    list.push_back({{"max_price_usd_per_h", price_or_null(figures.max_price)},
                    {"availability", or_null(figures.availability)},
                    {"per_h", or_null(figures.interruptions_per_h)},
                    {"run_lengths_h", run_lengths_json(figures)}});
  }
  return list;
}

Json matrix_json(const PoolMatrix& matrix) {
  Json rows = Json::array();
  for (const auto& figures : matrix) {
    Json row = Json::array();
    for (const std::optional<double>& figure : figures) row.push_back(or_null(figure));
    rows.push_back(row);
  }
  return rows;
}

Json counts_json(const std::optional<sim::CountStatistics>& counts) {
  if (!counts) return nullptr;
  return {{"min", counts->min},   {"p50", counts->p50},
          {"mean", counts->mean}, {"p95", counts->p95},
          {"max", counts->max},   {"added", counts->added},
          {"lost", counts->lost}, {"lost_per_instance_h", or_null(counts->lost_per_instance_hour)}};
}

Json pool_json(const PoolInfo& pool) {
  Json changes = nullptr;
  if (pool.prices) changes = pool.prices->changes_per_day;
  return {{"pool", pool_name(pool)},
          {"instance", pool.instance},
          {"zone", pool.zone},
          {"product", pool.product.empty() ? Json(nullptr) : Json(pool.product)},
          {"start", format_time(pool.start)},
          {"end", format_time(pool.end)},
          {"on_demand_usd_per_h", price_or_null(pool.on_demand)},
          {"availability", or_null(pool.availability)},
          {"price_usd_per_h", prices_json(pool.prices)},
          {"changes_per_day", changes},
          {"instances", counts_json(pool.counts)},
          {"interruptions_per_h", interruptions_json(pool)},
          {"run_lengths_h", run_lengths_json(pool.at_max_prices.front())}};
}

}  // namespace

void write_trace_info_json(const TraceInfo& info, std::ostream& out) {
  Json pools = Json::array();
  for (const PoolInfo& pool : info.pools) pools.push_back(pool_json(pool));
  write_document({{"schema_version", 1},
                  {"source", info.source},
                  {"dated", info.dated},
                  {"pools", pools},
                  {"correlation", matrix_json(info.correlation)},
                  {"price_correlation", matrix_json(info.price_correlation)}},
                 out);
}

}  // namespace spotmix::reports
