// Why the winner costs what it does: the way from the mean cost of the on-demand reference, cause by cause.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// How much one cause changes the mean cost.
struct WaterfallStep {
  std::string cause;  ///< Its key in cost_by_cause_usd, or "other" for what the causes leave.
  std::string name;   ///< "cheaper hours", "lost work".
  double usd = 0;     ///< Below 0 where the winner pays less.
};

/// The steps sum to winner_usd - reference_usd.
struct Waterfall {
  std::size_t reference = 0;  ///< The cheapest mix that makes it on demand alone.
  std::size_t winner = 0;     ///< The verdict's mix.
  double reference_usd = 0;
  double winner_usd = 0;
  std::vector<WaterfallStep>
      steps;  ///< In the order of cost_by_cause_usd, without causes that change nothing.
};

/// nullopt if no mix makes it, none makes it on demand alone, or the winner is that one.
std::optional<Waterfall> waterfall_of(const Report& report);

/// "Why: $125.78 on demand − $86.95 cheaper hours + $0.13 lost work = $38.96." Steps beyond the largest four
/// are one. Empty without a waterfall.
std::string waterfall_text(const Report& report);

}  // namespace spotmix::reports
