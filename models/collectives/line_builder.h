// Builds the lines of a communicator: which algorithms and protocols a collective may use on a topology, what
// the library believes of each, and what each costs.
#pragma once

#include <vector>

#include "models/collectives/collectives.h"

namespace spotmix::models {

/// Bandwidth of all rings of the group inside one node, bytes per second in one direction: link-disjoint
/// rings × the rate of a link on a mesh, a device's rate behind a switch, the narrowest share on PCIe.
double ring_bytes_per_s(const NodeTopology& node, int ranks);

/// Rate at which one device sends to its peers in the node, all links together.
double device_bytes_per_s(const NodeTopology& node);

/// Share of the node's adapters that the group may use.
double network_bytes_per_s(const ClusterTopology& cluster, const GroupShape& group);

/// Inside one node (group.nodes == 1), the library's own algorithms.
std::vector<CollectiveLine> node_lines(const NodeTopology& node, const GroupShape& group,
                                       Collective collective, Library library);

/// One- and two-shot kernels inside one node.
std::vector<CollectiveLine> custom_lines(const NodeTopology& node, const GroupShape& group);

/// Across nodes; the library's belief is taken to be right.
std::vector<CollectiveLine> network_lines(const ClusterTopology& cluster, const GroupShape& group,
                                          Collective collective, Library library);

}  // namespace spotmix::models
