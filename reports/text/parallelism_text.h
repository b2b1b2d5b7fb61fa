// A parallelism as people read it.
#pragma once

#include <string>
#include <vector>

#include "reports/results/parallelism.h"

namespace spotmix::reports {

/// "data 4 × tensor 2, micro-batch 8, recompute full"; what is as usual is left out.
std::string parallelism_text(const ParallelismFigures& p);

/// "9 10 10 3".
std::string stage_layers_text(const std::vector<int>& stage_layers);

}  // namespace spotmix::reports
