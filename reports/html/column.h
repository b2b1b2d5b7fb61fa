// A column of numbers for the page to unpack (reports/web/src/data/columns.js): packed as all columns are
// (reports/packed/packed.h), after its numbers became counts of the largest unit that serves. The page has
// seconds and US dollars. For the .cpp files of this folder.
#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/units/time.h"

namespace spotmix::reports {

inline constexpr double kSecondsPerTick = 1e-9;
inline constexpr double kUsdPerNano = 1e-9;
/// As fine as anything needs that is drawn.
inline constexpr std::int64_t kMostUnits = 1 << 30;

/// {"n", "origin", "unit", "packed"}: values[i] × scale = origin + unit × the packed column's number i. Exact
/// as long as all values are multiples, from the first on, of a unit of which their range has at most
/// `most_units` (≤ 2^52); elsewhere rounded to the nearest of that many units.
/// REQUIRES: their range is below 2^63.
nlohmann::ordered_json column_json(const std::vector<std::int64_t>& values, double scale,
                                   std::int64_t most_units);

/// In seconds.
nlohmann::ordered_json times_column(const std::vector<Time>& times);

}  // namespace spotmix::reports
