#include "models/collectives/measured_topology.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace spotmix::models {
namespace {

using Interconnects = std::vector<Interconnect>;
using Transports = std::vector<Transport>;

/// What a word leaves open; empty: it does not speak of that.
struct Word {
  std::string name;
  Interconnects links{};
  Transports networks{};
};

const std::vector<Word>& words() {
  using enum Interconnect;
  using enum Transport;
  static const std::vector<Word> kWords{{"peer"},
                                        {"unspecified"},
                                        {"nvswitch", {nvswitch}},
                                        {"nvlink", {nvswitch, nvlink_mesh, nvlink_pairs}},
                                        {"mesh", {nvlink_mesh}},
                                        {"pairs", {nvlink_pairs}},
                                        {"pcie", {pcie, nvlink_pairs}},
                                        {"efa", {}, {efa_1, efa_2, efa_3}},
                                        {"infiniband", {}, {infiniband}},
                                        {"roce", {}, {infiniband}},
                                        {"tcp", {}, {tcp}},
                                        {"ethernet", {}, {tcp}}};
  return kWords;
}

/// "NVLink-pair+PCIe" → "nvlink", "pair", "pcie"; digits behind a word are its generation.
std::vector<std::string> split(std::string_view topology) {
  std::vector<std::string> parts(1);
  for (const char c : topology) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalpha(letter) != 0) {
      parts.back() += static_cast<char>(std::tolower(letter));
    } else if (std::isdigit(letter) == 0 && !parts.back().empty()) {
      parts.emplace_back();
    }
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

const Word* find_word(const std::string& part) {
  const std::string name = part == "pair" ? "pairs" : part;
  const auto found = std::ranges::find(words(), name, &Word::name);
  return found == words().end() ? nullptr : &*found;
}

template <class Value>
bool allows(const std::vector<Value>& values, Value value) {
  return values.empty() || std::ranges::find(values, value) != values.end();
}

}  // namespace

const std::vector<std::string>& topology_words() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Word& word : words()) names.push_back(word.name);
    return names;
  }();
  return kNames;
}

std::string unknown_topology_word(std::string_view topology) {
  for (const std::string& part : split(topology)) {
    if (find_word(part) == nullptr) return part;
  }
  return {};
}

bool is_one_device(std::string_view topology) {
  constexpr std::array<std::string_view, 3> kNames{"virtual_ranks", "shared_memory", "loopback"};
  return std::ranges::find(kNames, topology) != kNames.end();
}

std::string topology_mismatch(std::string_view topology, const NodeTopology& node, bool several_nodes,
                              bool several_ranks_per_node) {
  const auto differs = [&](std::string_view has) {
    return std::string(topology) + ", but " + node.name + " has " + std::string(has);
  };
  for (const std::string& part : split(topology)) {
    const Word* word = find_word(part);
    if (word == nullptr) continue;
    if (several_ranks_per_node && !allows(word->links, node.interconnect))
      return differs(name_of(node.interconnect));
    if (several_nodes && !allows(word->networks, node.transport)) return differs(name_of(node.transport));
  }
  return {};
}

}  // namespace spotmix::models
