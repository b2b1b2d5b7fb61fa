// The known error of the step time.
#pragma once

#include <string>

namespace spotmix::sim {

/// A replication trains in step time × exp(ε), ε normally distributed with mean 0, so that the step time
/// itself is the median.
struct StepErrorSpec {
  double sigma = 0;  ///< Standard deviation of ε; 0: the step time is taken as it is.
  /// Names device, model and software: what is of one stream draws ε as the same number of deviations.
  std::string stream{};
  double most = 1000;  ///< No replication's step takes longer, over the step time.
};

}  // namespace spotmix::sim
