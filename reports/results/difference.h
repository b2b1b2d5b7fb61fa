// Two results side by side: what changed in dollars, time, odds and the verdict, and which inputs differ.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

struct BeforeAfter {
  std::optional<double> before;
  std::optional<double> after;

  bool changed() const { return before != after; }
};

struct MixDifference {
  std::string name;
  bool feasible_before = true;
  bool feasible_after = true;
  BeforeAfter cost_usd;  ///< Means, as the two below.
  BeforeAfter time_to_train_s;
  BeforeAfter odds;  ///< On time, or finished where one of the two has no deadline.

  bool changed() const {
    return feasible_before != feasible_after || cost_usd.changed() || time_to_train_s.changed() ||
           odds.changed();
  }
};

/// One value that the results depend on; empty where it is not given.
struct InputDifference {
  std::string name;
  std::string before;
  std::string after;
};

struct ResultDifference {
  std::string scenario;
  std::string winner_before;  ///< Empty if no mix makes it.
  std::string winner_after;
  BeforeAfter best_cost_usd;
  std::vector<std::string> added;      ///< Mixes that only the second result has.
  std::vector<std::string> removed;    ///< Mixes that only the first has.
  std::vector<MixDifference> mixes;    ///< Those that both have.
  std::vector<Warning> new_warnings;   ///< That only the second result has.
  std::vector<Warning> gone_warnings;  ///< That only the first has.
  std::vector<InputDifference> inputs;

  bool winner_changed() const { return winner_before != winner_after; }
};

/// Of two results of one scenario, whatever their names. Paths into the scenario's file are compared if both
/// results keep it.
ResultDifference difference_of(const Report& before, const Report& after);

/// "The winner changed from a to b; its cost from $2.00 to $1.00 (-50%)."
std::string winner_text(const ResultDifference& difference);

/// "-12.5%"; empty if one is unknown, or nothing changed in the digits shown.
std::string change_text(const BeforeAfter& values);

}  // namespace spotmix::reports
