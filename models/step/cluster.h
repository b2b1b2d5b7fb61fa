// From a cluster as a mix names it to the topology that its collectives run on.
#pragma once

#include <string>

#include "models/hardware/topology.h"
#include "models/step/step.h"

namespace spotmix::models {

/// Why the cluster cannot be; empty if it can.
std::string cluster_problem(const Cluster& cluster);

/// The node that an instance of the group is; the group must be without problems.
NodeTopology node_of(const InstanceGroup& group);

/// All instances, as many nodes of the kind that is slowest on the network: a collective waits for it.
ClusterTopology topology_of(const Cluster& cluster);

}  // namespace spotmix::models
