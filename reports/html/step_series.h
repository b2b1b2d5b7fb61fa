// Step functions of any length as a page draws them at first, and the figures that it tells of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/units/time.h"

namespace spotmix::reports {

/// value[i] holds from at[i] until at[i + 1], the last until `end`; `at` strictly increases and is not empty.
struct StepSeries {
  std::vector<Time> at;
  std::vector<std::int64_t> value;
  Time end{};
};

/// The points that show as much as a screen of `buckets` pixels can: of each of that many equal parts of the
/// time the lowest and the highest, in their order, so that no spike gets lost, and the first and the last of
/// all. Where there are no more than twice as many, all.
StepSeries overview(const StepSeries& series, std::size_t buckets);

/// Weighted by time.
struct StepSummary {
  double least = 0;
  double mean = 0;
  double most = 0;
  double positive = 0;  ///< share of the time with a value above 0
  std::size_t changes = 0;
};

StepSummary summary_of(const StepSeries& series);

}  // namespace spotmix::reports
