// Trace files: spot prices and capacity of pools over time, in spotmix's own format (docs/trace_format.md).
//
// A trace file is JSON, packed with gzip or not. Every pool has a start and an end; its prices and its
// capacity are run-length coded: when the value changed, as seconds since the change before, and the new
// value. One file may hold prices and capacity of many pools.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "base/series/series.h"

namespace spotmix::scenarios {

struct TraceCapacity {
  bool binary = false;  ///< yes (1) or no (0) instead of a count
  CapacitySeries series;
};

struct TracePool {
  std::string instance;
  std::string zone;
  std::string product;  ///< "Linux/UNIX"; empty where the source names none
  Time start{};
  Time end{};
  std::optional<HourlyPrice> on_demand;  ///< where the source tells it
  std::optional<PriceSeries> prices;
  std::optional<TraceCapacity> capacity;
};

struct Trace {
  std::string source;
  std::string licence;
  bool dated = true;  ///< false: the source names no dates and time starts at 1970-01-01
  std::vector<TracePool> pools;
};

/// Reads and checks a trace file; every broken pool is reported.
Result<Trace> read_trace(const std::filesystem::path& path);

/// The same for a text that has been read already.
Result<Trace> parse_trace(const std::string& file, const std::string& text);

/// The trace as a file's text: one pool a line, pools in order of instance, zone and product.
std::string trace_to_text(Trace trace);

/// Drops repeats of an unchanged value.
template <class Value>
void drop_repeats(Series<Value>& series) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    if (kept > 0 && series.value[kept - 1] == series.value[i]) continue;
    series.at[kept] = series.at[i];
    series.value[kept] = series.value[i];
    ++kept;
  }
  series.at.resize(kept);
  series.value.resize(kept);
}

}  // namespace spotmix::scenarios
