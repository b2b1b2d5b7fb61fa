// nccl-tests' bandwidths against the operation and the number of ranks: bus ÷ algorithm bandwidth is a
// function of both, so the table tells when a log's header does not belong to it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/importers/nccl_tests.h"

namespace spotmix::scenarios {
namespace {

double factor_of(const NcclRun::Row& row) {
  return row.bus_gb_per_s / row.algorithm_gb_per_s;
}

/// How far the ratio of the printed bandwidths may be from the true one.
double rounding_of_factor(const NcclRun::Row& row) {
  return row.rounding_gb_per_s * (1 + factor_of(row)) / row.algorithm_gb_per_s;
}

bool tells(const NcclRun::Row& row) {
  constexpr double kCoarse = 0.1;
  return row.algorithm_gb_per_s > 0 && rounding_of_factor(row) <= kCoarse;
}

/// Some builds round the times that they divide by.
constexpr double kSlack = 0.002;

}  // namespace

bool bandwidths_tell(const NcclRun& run) {
  return std::any_of(run.rows.begin(), run.rows.end(), tells);
}

double bus_factor(const std::string& operation, std::int64_t ranks) {
  const double share = static_cast<double>(ranks - 1) / static_cast<double>(ranks);
  return operation == "all_reduce" ? 2 * share : share;
}

std::int64_t ranks_by_bandwidths(const NcclRun& run, const std::string& operation) {
  const auto sharpest = std::max_element(run.rows.begin(), run.rows.end(), [](const auto& a, const auto& b) {
    return a.algorithm_gb_per_s < b.algorithm_gb_per_s;
  });
  if (sharpest == run.rows.end() || !(sharpest->algorithm_gb_per_s > 0)) return 0;
  const double share = factor_of(*sharpest) / bus_factor(operation, 2) / 2;  // (n − 1) ÷ n
  if (!(share > 0 && share < 1)) return 0;
  const double ranks = 1 / (1 - share);
  // d(ranks) = ranks² d(share)
  const double spread = ranks * ranks * rounding_of_factor(*sharpest) / bus_factor(operation, 2) / 2;
  constexpr double kWithinOneRank = 0.4;
  const bool tells = std::abs(ranks - std::round(ranks)) + spread < kWithinOneRank;
  return tells ? std::llround(ranks) : 0;
}

Problems contradictions(const std::string& file, const NcclRun& run, const std::string& operation,
                        std::int64_t ranks) {
  const double expected = bus_factor(operation, ranks);
  for (const NcclRun::Row& row : run.rows) {
    if (!tells(row)) continue;
    if (row.bus_gb_per_s == 0) {
      return {
          {file, row.where,
           fmt::format("found a bus bandwidth of 0 beside {:g} GB/s, expected {:.4g} times it for {} over {} "
                       "ranks: each process ran alone, as nccl-tests built without MPI=1 does",
                       row.algorithm_gb_per_s, expected, operation, ranks)}};
    }
    if (std::abs(factor_of(row) - expected) <= rounding_of_factor(row) + kSlack * expected) continue;
    return {
        {file, row.where,
         fmt::format("found bandwidths of {:g} and {:g} GB/s, a ratio of {:.4g}, expected {:.4g} for {} over "
                     "{} ranks",
                     row.algorithm_gb_per_s, row.bus_gb_per_s, factor_of(row), expected, operation, ranks)}};
  }
  return {};
}

}  // namespace spotmix::scenarios
