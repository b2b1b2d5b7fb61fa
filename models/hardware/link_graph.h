// The direct links between the devices of one node, and how many rings they carry.
//
// Links are undirected pairs that move `bytes/s` each way at once; `links(a, b)` counts them. A ring is a
// directed Hamiltonian cycle over the members; rings are link-disjoint when no directed link is used twice,
// so rings that run at the same time do not share bandwidth. Ring AllReduce moves at (number of rings) ×
// (rate of one link).
#pragma once

#include <span>
#include <vector>

namespace spotmix::models {

class LinkGraph {
 public:
  LinkGraph() = default;
  explicit LinkGraph(int devices);

  int devices() const { return devices_; }
  int links(int a, int b) const { return count_[index(a, b)]; }
  void connect(int a, int b, int links);

 private:
  std::size_t index(int a, int b) const {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(devices_) + static_cast<std::size_t>(b);
  }
  int devices_ = 0;
  std::vector<int> count_;
};

/// The hybrid cube mesh of DGX-1 with V100, p3.16xlarge and p3dn.24xlarge: six links per device, two of the
/// four neighbours in a quad (and the partner in the other quad) by double links. Source: NVIDIA DGX-1 with
/// Tesla V100 system architecture, white paper WP-08437.
LinkGraph hybrid_cube_mesh_v100();

/// DGX-1 with P100: the same cube mesh with four single links per device.
LinkGraph hybrid_cube_mesh_p100();

/// Bridges between devices 0-1, 2-3, …: `links` each.
LinkGraph bridged_pairs(int devices, int links);

struct RingCount {
  int rings = 0;
  bool relayed = false;  ///< The rings pass through a member a second time where two neighbours lack a link.
};

/// The largest number of link-disjoint directed Hamiltonian cycles over `members`; where there is none, the
/// largest number when each ring may relay one hop through another member. Two members: the links between
/// them. Exact search, meant for at most eight members.
RingCount link_disjoint_rings(const LinkGraph& graph, std::span<const int> members);

}  // namespace spotmix::models
