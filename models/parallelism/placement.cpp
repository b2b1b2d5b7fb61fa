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

GroupShapes group_shapes(const Parallelism& p, int devices_per_node, bool several_zones) {
  return {.tensor = group_shape(p.tensor, 1, devices_per_node, several_zones),
          .data = group_shape(p.data, p.tensor, devices_per_node, several_zones),
          .pipeline_neighbours =
              group_shape(std::min(2, p.pipeline), p.tensor * p.data, devices_per_node, several_zones),
          .expert = group_shape(p.expert, p.tensor, devices_per_node, several_zones)};
}

}  // namespace spotmix::models
