#include "models/hardware/link_graph.h"

#include <algorithm>
#include <utility>

namespace spotmix::models {
namespace {

using Usage = std::vector<std::pair<int, int>>;  // directed links of one ring, as (from, to)

/// Every directed Hamiltonian cycle over the members as the links it uses. With `relay`, exactly one hop goes
/// through another member instead of a direct link.
class CycleSearch {
 public:
  CycleSearch(const LinkGraph& graph, std::span<const int> members, bool relay)
      : graph_(graph), members_(members), relay_(relay), visited_(members.size(), false) {
    visited_[0] = true;
    extend(0, 1, false);
  }
  std::vector<Usage> take() { return std::move(cycles_); }

 private:
  void extend(std::size_t at, std::size_t visited, bool relayed) {
    if (visited == members_.size()) {
      step(at, 0, relayed, [&](bool now_relayed) {
        if (now_relayed == relay_) cycles_.push_back(path_);
      });
      return;
    }
    for (std::size_t next = 1; next < members_.size(); ++next) {
      if (visited_[next]) continue;
      visited_[next] = true;
      step(at, next, relayed, [&](bool now_relayed) { extend(next, visited + 1, now_relayed); });
      visited_[next] = false;
    }
  }

  template <typename Then>
  void step(std::size_t from, std::size_t to, bool relayed, const Then& then) {
    const int a = members_[from];
    const int b = members_[to];
    if (graph_.links(a, b) > 0) {
      path_.emplace_back(a, b);
      then(relayed);
      path_.pop_back();
    } else if (relay_ && !relayed) {
      for (const int middle : members_) {
        if (middle == a || middle == b || graph_.links(a, middle) == 0 || graph_.links(middle, b) == 0)
          continue;
        path_.emplace_back(a, middle);
        path_.emplace_back(middle, b);
        then(true);
        path_.pop_back();
        path_.pop_back();
      }
    }
  }

  const LinkGraph& graph_;
  std::span<const int> members_;
  bool relay_;
  std::vector<bool> visited_;
  Usage path_;
  std::vector<Usage> cycles_;
};

/// Packs as many cycles as fit into the directed link capacities; cycles may repeat where links are multiple.
class Packing {
 public:
  Packing(const LinkGraph& graph, std::span<const int> members, const std::vector<Usage>& cycles)
      : cycles_(cycles), devices_(static_cast<std::size_t>(graph.devices())), free_(devices_ * devices_, 0) {
    for (const int a : members)
      for (const int b : members) free_at(a, b) = graph.links(a, b);
    // Each ring leaves every member at least once, so the member with the fewest links bounds the count.
    bound_ = members.empty() ? 0 : out_degree(graph, members[0], members);
    for (const int a : members) bound_ = std::min(bound_, out_degree(graph, a, members));
    search(0, 0);
  }
  int best() const { return best_; }

 private:
  static int out_degree(const LinkGraph& graph, int a, std::span<const int> members) {
    int degree = 0;
    for (const int b : members) degree += graph.links(a, b);
    return degree;
  }
  int& free_at(int a, int b) {
    return free_[static_cast<std::size_t>(a) * devices_ + static_cast<std::size_t>(b)];
  }
  bool take(const Usage& cycle) {
    bool fits = true;
    for (const auto& [a, b] : cycle) fits = (--free_at(a, b) >= 0) && fits;
    if (!fits) give_back(cycle);
    return fits;
  }
  void give_back(const Usage& cycle) {
    for (const auto& [a, b] : cycle) ++free_at(a, b);
  }
  void search(std::size_t first, int placed) {
    best_ = std::max(best_, placed);
    for (std::size_t i = first; i < cycles_.size() && best_ < bound_; ++i) {
      if (!take(cycles_[i])) continue;
      search(i, placed + 1);
      give_back(cycles_[i]);
    }
  }

  const std::vector<Usage>& cycles_;
  std::size_t devices_;
  std::vector<int> free_;
  int bound_ = 0;
  int best_ = 0;
};

int packed_rings(const LinkGraph& graph, std::span<const int> members, bool relay) {
  const std::vector<Usage> cycles = CycleSearch(graph, members, relay).take();
  return Packing(graph, members, cycles).best();
}

LinkGraph cube_mesh(int inner_double, int cross) {
  LinkGraph graph(8);
  for (const int quad : {0, 4}) {
    graph.connect(quad + 0, quad + 1, 1);
    graph.connect(quad + 0, quad + 2, 1);
    graph.connect(quad + 0, quad + 3, inner_double);
    graph.connect(quad + 1, quad + 2, inner_double);
    graph.connect(quad + 1, quad + 3, 1);
    graph.connect(quad + 2, quad + 3, cross);
  }
  for (int i = 0; i < 4; ++i) graph.connect(i, i + 4, i < 2 ? cross : 1);
  return graph;
}

}  // namespace

LinkGraph::LinkGraph(int devices)
    : devices_(devices), count_(static_cast<std::size_t>(devices) * static_cast<std::size_t>(devices), 0) {}

void LinkGraph::connect(int a, int b, int links) {
  count_[index(a, b)] = links;
  count_[index(b, a)] = links;
}

LinkGraph hybrid_cube_mesh_v100() {
  return cube_mesh(2, 2);
}

LinkGraph hybrid_cube_mesh_p100() {
  return cube_mesh(1, 1);
}

LinkGraph bridged_pairs(int devices, int links) {
  LinkGraph graph(devices);
  for (int i = 0; i + 1 < devices; i += 2) graph.connect(i, i + 1, links);
  return graph;
}

RingCount link_disjoint_rings(const LinkGraph& graph, std::span<const int> members) {
  if (members.size() < 2) return {};
  if (members.size() == 2) return {graph.links(members[0], members[1]), false};
  if (const int rings = packed_rings(graph, members, false); rings > 0) return {rings, false};
  return {packed_rings(graph, members, true), true};
}

}  // namespace spotmix::models
