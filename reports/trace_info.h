// What `spotmix trace info` prints about the pools of a trace. Unknown is nullopt, printed as null or "–".
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "reports/terminal/table.h"
#include "sim/market/trace_statistics.h"

namespace spotmix::reports {

/// How a pool fares under one maximum price.
struct MaxPriceFigures {
  std::optional<HourlyPrice> max_price;  ///< nullopt: none set, capacity alone decides
  std::optional<double> availability;    ///< share of the time, 0 to 1
  std::optional<double> interruptions_per_h;
  std::optional<sim::RunLengths> available_runs;
  std::optional<sim::RunLengths> unavailable_runs;
};

struct PoolInfo {
  std::string instance;
  std::string zone;
  std::string product;  ///< empty where the trace names none
  Time start{};
  Time end{};
  std::optional<HourlyPrice> on_demand;
  std::optional<double> availability;  ///< of capacity alone
  std::optional<sim::PriceStatistics> prices;
  std::optional<sim::CountStatistics> counts;  ///< where the trace counts instances
  std::vector<MaxPriceFigures> at_max_prices;  ///< the first without a maximum
};

/// A figure for each two pools.
using PoolMatrix = std::vector<std::vector<std::optional<double>>>;

struct TraceInfo {
  std::string source;
  bool dated = true;
  std::vector<PoolInfo> pools;
  PoolMatrix correlation;        ///< of availability
  PoolMatrix price_correlation;  ///< of spot prices
};

/// "p3.2xlarge us-east-1a", and the product where there is one.
std::string pool_name(const PoolInfo& pool);

void write_trace_info_table(const TraceInfo& info, const TerminalStyle& style, std::ostream& out);
void write_trace_info_json(const TraceInfo& info, std::ostream& out);

}  // namespace spotmix::reports
