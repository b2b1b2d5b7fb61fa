// The names that people and programs give to what connects the ranks of a measured collective.
//
// A name is one or more words: "nvswitch", "NVLink4", "NVLink-pair+PCIe", "nvswitch+efa". A word says how the
// devices of a node are connected, or which network connects the nodes; "peer" and "unspecified" say neither.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/topology.h"

namespace spotmix::models {

/// The words that a topology's name may be made of, as messages list them.
const std::vector<std::string>& topology_words();

/// The first word of the name that is not among them; empty if there is none.
std::string unknown_topology_word(std::string_view topology);

/// Whether the ranks were processes or streams of one device, which says nothing of links.
bool is_one_device(std::string_view topology);

/// Why such a name is not this node's, "nvswitch, but p3.16xlarge has nvlink_mesh"; empty if it may be. The
/// network counts only between nodes, the links only where a node has several ranks.
std::string topology_mismatch(std::string_view topology, const NodeTopology& node, bool several_nodes,
                              bool several_ranks_per_node);

}  // namespace spotmix::models
