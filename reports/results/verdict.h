// The answer in one sentence: which mix is cheapest among those that make it, and what it saves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "reports/results/report.h"

namespace spotmix::reports {

/// A mix "makes it" when it is on time (without a deadline: finished) in at least this share of replications.
inline constexpr double kGoodOdds = 0.95;

struct Verdict {
  std::optional<std::size_t> best;  ///< cheapest in the mean among those that make it; nothing if none does
  /// When none makes it: the one with the best odds, then the cheapest; where nobody has any, the fastest.
  std::optional<std::size_t> likely;
  std::optional<std::size_t> on_demand;  ///< the cheapest mix that makes it and buys nothing but on demand
  std::optional<double> saving;  ///< of `best` against `on_demand`, as a fraction of the latter's cost
};

/// Reference mixes are neither best nor likely; savings may be measured against one.
Verdict verdict_of(const Report& report);

/// If some mix fits the memory of its devices and has a rate.
bool any_can_train(const Report& report);

/// One or two plain sentences. A mix that was run over Spot Advisor bands is judged by the high end of them.
std::string verdict_text(const Report& report);

/// Which mixes are simulated once, because nothing in them is left to chance; empty if none is.
std::string certainty_text(const Report& report);

/// Where the spread of cost and time of the verdict's mix comes from; empty if nothing varies, or if it is
/// not known.
std::string spread_text(const Report& report);

/// What such a mix comes to from the low end of its bands to the high one.
std::string range_text(const Report& report, const AdvisorRange& range);

}  // namespace spotmix::reports
