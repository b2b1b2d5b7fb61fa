#include "reports/html/units.h"

#include <nlohmann/json.hpp>

#include "reports/html/column.h"

namespace spotmix::reports {

nlohmann::ordered_json times_column(const std::vector<Time>& times) {
  std::vector<std::int64_t> ticks;
  ticks.reserve(times.size());
  for (const Time time : times) ticks.push_back(time.count());
  return column_json(ticks, kSecondsPerTick, kMostUnits);
}

}  // namespace spotmix::reports
