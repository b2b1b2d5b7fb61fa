// Times and money in the units of the page: seconds and US dollars. For the .cpp files of this folder.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "base/units/time.h"
#include "reports/html/column.h"

namespace spotmix::reports {

inline constexpr double kSecondsPerTick = 1e-9;
inline constexpr double kUsdPerNano = 1e-9;
/// As fine as anything needs that is drawn.
inline constexpr std::int64_t kMostUnits = 1 << 30;

inline nlohmann::ordered_json times_column(const std::vector<Time>& times) {
  std::vector<std::int64_t> ticks;
  ticks.reserve(times.size());
  for (const Time time : times) ticks.push_back(time.count());
  return column_json(ticks, kSecondsPerTick, kMostUnits);
}

}  // namespace spotmix::reports
