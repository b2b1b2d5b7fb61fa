#include "models/parallelism/placement.h"

#include <algorithm>

namespace spotmix::models {

GroupShape group_shape(int size, int stride, int devices_per_node, bool several_zones) {
  GroupShape shape;
  shape.ranks_per_node = std::clamp(devices_per_node / stride, 1, size);
  shape.nodes = (size + shape.ranks_per_node - 1) / shape.ranks_per_node;
  shape.concurrent_groups = std::max(1, devices_per_node / shape.ranks_per_node);
  shape.across_zones = several_zones && shape.nodes > 1;
  return shape;
}

GroupShape pairs_shape(int from, int to, int count, int devices_per_node, bool several_zones) {
  // Pairs that cross, of the node that holds the rank at hand; ranks of one node follow one another.
  int leaving = 0, entering = 0, busiest = 0;
  for (int i = 0; i < count; ++i) {
    if ((from + i) % devices_per_node == 0) leaving = 0;
    if ((to + i) % devices_per_node == 0) entering = 0;
    if ((from + i) / devices_per_node == (to + i) / devices_per_node) continue;
    busiest = std::max({busiest, ++leaving, ++entering});
  }
  if (busiest == 0) return {.ranks_per_node = 2};
  return {.nodes = 2, .concurrent_groups = busiest, .across_zones = several_zones};
}

GroupShape stage_pairs_shape(const Parallelism& p, int from, int to, int devices_per_node,
                             bool several_zones) {
  const int ranks = p.tensor * p.data;
  return pairs_shape(from * ranks, to * ranks, ranks, devices_per_node, several_zones);
}

GroupShapes group_shapes(const Parallelism& p, int devices_per_node, bool several_zones) {
  return {.tensor = group_shape(p.tensor, 1, devices_per_node, several_zones),
          .data = group_shape(p.data, p.tensor, devices_per_node, several_zones),
          .expert = group_shape(p.expert, p.tensor, devices_per_node, several_zones),
          .replicas = group_shape(p.data / p.expert, p.tensor * p.expert, devices_per_node, several_zones)};
}

}  // namespace spotmix::models
