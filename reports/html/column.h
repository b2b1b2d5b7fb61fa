// A column of numbers for the page to unpack (reports/web/src/data/columns.js): packed as all columns are
// (reports/packed/packed.h), after its numbers became counts of the largest unit that serves.
#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace spotmix::reports {

/// {"n", "origin", "unit", "packed"}: values[i] × scale = origin + unit × the packed column's number i. Exact
/// as long as all values are multiples, from the first on, of a unit of which their range has at most
/// `most_units` (≤ 2^52); elsewhere rounded to the nearest of that many units. Their range must be below
/// 2^63.
nlohmann::ordered_json column_json(const std::vector<std::int64_t>& values, double scale,
                                   std::int64_t most_units);

}  // namespace spotmix::reports
