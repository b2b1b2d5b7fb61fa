// Which ranks of a cluster form each group: tensor parallelism innermost, then data, then pipeline, as
// Megatron-LM numbers its ranks.
#pragma once

#include "models/collectives/collectives.h"
#include "models/parallelism/parallelism.h"

namespace spotmix::models {

/// A group of `size` ranks that lie `stride` apart, on nodes of `devices_per_node`; groups side by side run
/// at once.
GroupShape group_shape(int size, int stride, int devices_per_node, bool several_zones);

/// `count` ranks from `from` on, each paired with the one as far on from `to`, all pairs at once. One node
/// where every pair lies inside one; else the pairs that cross, by how many of them share the busiest node's
/// adapters.
GroupShape pairs_shape(int from, int to, int count, int devices_per_node, bool several_zones);

/// The pairs of pipeline stages `from` and `to`.
GroupShape stage_pairs_shape(const Parallelism& parallelism, int from, int to, int devices_per_node,
                             bool several_zones);

struct GroupShapes {
  GroupShape tensor, data, expert;
  GroupShape replicas;  ///< Data-parallel ranks with the same part of the experts or tables.
};
GroupShapes group_shapes(const Parallelism& parallelism, int devices_per_node, bool several_zones);

}  // namespace spotmix::models
