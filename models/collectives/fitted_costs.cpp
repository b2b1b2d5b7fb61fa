// models/collectives/*.json → costs. The files are part of the program and checked against their schemas by a
// test, so that nothing here has to answer for a wrong one.
#include "models/collectives/fitted_costs.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/json/node.h"
#include "base/units/prefixes.h"
#include "models/provenance/figures.h"

namespace spotmix::models {

std::string_view collective_costs_text();
std::string_view collective_figures_text();

namespace {

constexpr double kPerGiga = 1e-9;
constexpr double kMiB = 1024.0 * 1024.0;
constexpr std::array kProtocolNames{"low_latency", "low_latency_128", "simple"};

/// What costs hold for; empty: for all.
struct Scope {
  std::optional<bool> pcie{};
  std::optional<bool> peer_to_peer{};
  std::vector<Architecture> architectures{};
  std::vector<Library> libraries{};
  std::vector<Transport> transports{};
};

template <class Costs>
struct NamedCosts {
  std::string name;
  Scope scope;
  Costs costs;
};

struct AllCosts {
  std::vector<NamedCosts<NodeCosts>> inside_node;
  std::vector<NamedCosts<CustomCosts>> peer_memory;
  std::vector<NamedCosts<NetworkCosts>> across_nodes;
};

/// Leaves `figure` as it is where the part does not state it: costs are based on others.
void take(const Node& part, const char* key, double unit, double& figure) {
  if (const auto value = part.number(key)) figure = *value * unit;
}

void read_part(const Node& part, NodeCosts& costs) {
  for (std::size_t i = 0; i < kProtocolNames.size(); ++i) {
    const Node ring = part.object(kProtocolNames[i]);
    take(ring, "base_us", kMicro, costs.ring[i].base_s);
    take(ring, "hop_us", kMicro, costs.ring[i].hop_s);
    take(ring, "wire", 1, costs.ring[i].wire);
    take(ring, "copy_ns_per_byte", kPerGiga, costs.ring[i].copy_s_per_byte);
    take(ring, "pass_hop_us", kMicro, costs.ring[i].pass_hop_s);
    take(ring, "pass_mib_per_rank", kMiB, costs.ring[i].pass_bytes_per_rank);
  }
  take(part.object("in_network"), "base_us", kMicro, costs.in_network_base_s);
  take(part.object("in_network"), "ns_per_byte", kPerGiga, costs.in_network_s_per_byte);
  for (const std::size_t i : {0U, 1U}) {
    const Node pair = part.object(i == 0 ? "small_pair" : "large_pair");
    take(pair, "base_us", kMicro, costs.pair[i].base_s);
    take(pair, "peer_us", kMicro, costs.pair[i].peer_s);
    take(pair, "wire", 1, costs.pair[i].wire);
  }
}

void read_part(const Node& part, CustomCosts& costs) {
  take(part.object("one_shot"), "base_us", kMicro, costs.one_shot_base_s);
  take(part.object("one_shot"), "wire", 1, costs.one_shot_wire);
  take(part.object("two_shot"), "base_us", kMicro, costs.two_shot_base_s);
  take(part.object("two_shot"), "wire", 1, costs.two_shot_wire);
  take(part, "limit_mib", kMiB, costs.limit_bytes);
}

void read_part(const Node& part, NetworkCosts& costs) {
  for (std::size_t i = 0; i < kProtocolNames.size(); ++i) {
    take(part.object(kProtocolNames[i]), "base_us", kMicro, costs.base_s[i]);
    take(part.object(kProtocolNames[i]), "share", 1, costs.efficiency[i]);
  }
  take(part, "hop_us", kMicro, costs.hop_s);
}

template <class Enum>
std::vector<Enum> enums_of(const Node& part, const char* key) {
  std::vector<Enum> values;
  for (const std::string& name : part.strings(key)) values.push_back(parse_enum<Enum>(name).value());
  return values;
}

Scope read_scope(const Node& scope) {
  return {.pcie = scope.boolean("pcie"),
          .peer_to_peer = scope.boolean("peer_to_peer"),
          .architectures = enums_of<Architecture>(scope, "architectures"),
          .libraries = enums_of<Library>(scope, "libraries"),
          .transports = enums_of<Transport>(scope, "transports")};
}

/// Costs stand after those that they are based on.
template <class Costs>
std::vector<NamedCosts<Costs>> read_costs(const Node& list) {
  std::vector<NamedCosts<Costs>> all;
  for (const Node& item : list.items()) {
    NamedCosts<Costs> read{item.at("name").text(), read_scope(item.at("for")), {}};
    if (const auto base = item.string("based_on"))
      read.costs = std::ranges::find(all, *base, &NamedCosts<Costs>::name)->costs;
    for (const char* kind : {"assumed", "fitted"}) {
      for (const Node& part : item.objects(kind)) read_part(part.at("costs"), read.costs);
    }
    all.push_back(std::move(read));
  }
  return all;
}

AllCosts read_all() {
  const Node::Json json = parse_document(collective_costs_text());
  const Node document(json);
  return {read_costs<NodeCosts>(document.at("inside_node")),
          read_costs<CustomCosts>(document.at("peer_memory")),
          read_costs<NetworkCosts>(document.at("across_nodes"))};
}

template <class Value>
bool among(const std::vector<Value>& values, Value value) {
  return values.empty() || std::ranges::find(values, value) != values.end();
}

bool holds(const Scope& scope, const NodeTopology& node, Library library) {
  const bool pcie = node.interconnect == Interconnect::pcie || node.interconnect == Interconnect::none;
  return scope.pcie.value_or(pcie) == pcie &&
         scope.peer_to_peer.value_or(node.pcie_peer_to_peer) == node.pcie_peer_to_peer &&
         among(scope.architectures, node.device->architecture) && among(scope.libraries, library) &&
         among(scope.transports, node.transport);
}

template <class Costs>
const Costs& first_of(const std::vector<NamedCosts<Costs>>& all, const NodeTopology& node, Library library) {
  const auto found = std::ranges::find_if(
      all, [&](const NamedCosts<Costs>& costs) { return holds(costs.scope, node, library); });
  assert(found != all.end());
  return found->costs;
}

}  // namespace

CollectiveCosts shipped_costs(const NodeTopology& node, Library library) {
  static const AllCosts kAll = read_all();
  return {first_of(kAll.inside_node, node, library), first_of(kAll.peer_memory, node, library),
          first_of(kAll.across_nodes, node, library)};
}

const CollectiveFigures& collective_figures() {
  static const CollectiveFigures kFigures = [] {
    const Figures figures(collective_figures_text());
    return CollectiveFigures{.relay_share = figures.number("relay_share"),
                             .host_copy_share = figures.number("host_copy_share"),
                             .in_network_ranks = static_cast<int>(figures.number("in_network_ranks")),
                             .disturbed = figures.number("disturbed")};
  }();
  return kFigures;
}

}  // namespace spotmix::models
