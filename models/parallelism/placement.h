// Which ranks of a cluster form each group: tensor parallelism innermost, then data, then pipeline, as
// Megatron-LM numbers its ranks.
#pragma once

#include "models/collectives/collectives.h"
#include "models/parallelism/parallelism.h"

namespace spotmix::models {

/// A group of `size` ranks that lie `stride` apart, on nodes of `devices_per_node`; groups side by side run
/// at once.
GroupShape group_shape(int size, int stride, int devices_per_node, bool across_zones);

struct GroupShapes {
  GroupShape tensor, data, pipeline_neighbours, expert;
};
GroupShapes group_shapes(const Parallelism& parallelism, int devices_per_node, bool several_zones);

}  // namespace spotmix::models
