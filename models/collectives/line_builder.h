// Builds the lines of a communicator: which algorithms and protocols a collective may use on a topology, what
// the library believes of each, and what each costs.
#pragma once

#include <vector>

#include "models/collectives/fitted_costs.h"

namespace spotmix::models {

/// Bandwidth of all rings of the group inside one node, bytes per second in one direction: link-disjoint
/// rings × the rate of a link on a mesh, a device's rate behind a switch, the narrowest share on PCIe.
double ring_bytes_per_s(const NodeTopology& node, int ranks);

/// The same as NCCL believes it, from its figures for the generation. A node whose links are faster or slower
/// than that costs accordingly, but the choice of protocol stays.
double believed_ring_bytes_per_s(const NodeTopology& node, int ranks);

/// Rate at which one device sends to its peers in the node, all links together.
double device_bytes_per_s(const NodeTopology& node);

/// Rate of direct messages of one device: all of its links behind a switch, the links that lead to the peers
/// on a mesh, or its way over PCIe.
double pair_bytes_per_s(const NodeTopology& node, int ranks, Collective collective);

/// Whether the hops of such a group go over PCIe.
bool over_pcie(const NodeTopology& node, int ranks);

/// Share of the node's adapters that the group may use.
double network_bytes_per_s(const ClusterTopology& cluster, const GroupShape& group);

/// Among the first `ranks` devices of one node, the library's own algorithms.
std::vector<CollectiveLine> node_lines(const NodeTopology& node, int ranks, Collective collective,
                                       Library library, const NodeCosts& costs);

/// One- and two-shot kernels inside one node.
std::vector<CollectiveLine> custom_lines(const NodeTopology& node, int ranks, const CustomCosts& costs);

/// Across nodes; the library's belief is taken to be right.
std::vector<CollectiveLine> network_lines(const ClusterTopology& cluster, const GroupShape& group,
                                          Collective collective, Library library,
                                          const CollectiveCosts& costs);

}  // namespace spotmix::models
