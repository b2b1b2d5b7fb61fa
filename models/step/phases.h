// Training in phases whose inputs differ: images that grow, sequences that lengthen, batches that change.
#pragma once

#include <vector>

namespace spotmix::models {

/// One phase's step, and how much it trains.
struct PhaseTime {
  double step_s = 0;
  int global_batch = 0;
  double samples = 0;
};

struct PhaseSum {
  double time_s = 0;
  double samples = 0;
};

/// All phases one after the other. Steps are whole: the last one of a phase counts even where its samples do
/// not fill it.
PhaseSum sum_of_phases(const std::vector<PhaseTime>& phases);

}  // namespace spotmix::models
