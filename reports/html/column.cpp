#include "reports/html/column.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include <nlohmann/json.hpp>

#include "reports/packed/packed.h"

namespace spotmix::reports {
namespace {

/// The largest unit that all distances from the first value are multiples of; 1 where they are all zero.
std::int64_t common_unit(const std::vector<std::int64_t>& values) {
  std::int64_t unit = 0;
  for (const std::int64_t value : values) {
    unit = std::gcd(unit, value - values.front());
    if (unit == 1) break;
  }
  return std::max<std::int64_t>(unit, 1);
}

}  // namespace

nlohmann::ordered_json column_json(const std::vector<std::int64_t>& values, double scale,
                                   std::int64_t most_units) {
  if (values.empty()) return {{"n", 0}, {"origin", 0}, {"unit", 1}, {"packed", packed({})}};
  const std::int64_t origin = values.front();
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  assert(*least >= 0 || *most <= *least + std::numeric_limits<std::int64_t>::max());
  const std::int64_t range = *most - *least;
  const std::int64_t coarse = range / most_units + (range % most_units != 0 ? 1 : 0);
  const std::int64_t exact = common_unit(values);
  const std::int64_t unit = std::max(exact, coarse);
  std::vector<std::int64_t> counts;
  counts.reserve(values.size());
  for (const std::int64_t value : values) {
    const std::int64_t distance = value - origin;
    const std::int64_t half = distance < 0 ? -unit / 2 : unit / 2;
    counts.push_back(unit == exact ? distance / unit : (distance + half) / unit);
  }
  return {{"n", values.size()},
          {"origin", static_cast<double>(origin) * scale},
          {"unit", static_cast<double>(unit) * scale},
          {"packed", packed(counts)}};
}

nlohmann::ordered_json times_column(const std::vector<Time>& times) {
  std::vector<std::int64_t> ticks;
  ticks.reserve(times.size());
  for (const Time time : times) ticks.push_back(ticks_of(time));
  return column_json(ticks, kSecondsPerTick, kMostUnits);
}

}  // namespace spotmix::reports
