// Which layers each pipeline stage holds.
#pragma once

#include <vector>

#include "models/workload/workload.h"

namespace spotmix::models {

/// `count` repeats of workload.layers[layer].
struct LayerShare {
  std::size_t layer = 0;
  int count = 1;
};

using Stage = std::vector<LayerShare>;

/// Cuts the layers into `pieces` consecutive stages. Transformer layers (and other repeated layers) are dealt
/// out evenly, the first pieces taking one more where they do not divide; what precedes them goes to the
/// first piece and what follows to the last, as Megatron-LM does. A chain without repeated layers is cut
/// where the FLOP come nearest to equal shares. `pieces` is at most layer_count(workload).
std::vector<Stage> divide_into_stages(const Workload& workload, int pieces);

}  // namespace spotmix::models
