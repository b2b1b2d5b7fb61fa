#include "bench/accuracy/measured_collectives.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

/// Whether the nodes of this topology are one NVLink domain, so that their number does not matter.
bool one_domain(std::string_view topology) {
  return topology.find("NVL72") != std::string_view::npos;
}

/// XLA runs as many groups at once as fill the system and names them in the library; the system matters, not
/// the number of groups: "xla-nccl-4groups" with 2 ranks is "xla-nccl of 8".
std::string library_family(const std::string& library, int ranks) {
  constexpr std::string_view kPrefix = "xla-nccl-";
  if (!library.starts_with(kPrefix)) return library;
  int groups = 0;
  std::from_chars(library.data() + kPrefix.size(), library.data() + library.size(), groups);
  return "xla-nccl of " + std::to_string(groups * ranks);
}

/// "nccl-tests-2.27.3" → "nccl-tests".
std::string without_version(const std::string& library) {
  const auto digit = library.find_first_of("0123456789");
  return library.substr(0, digit == std::string::npos ? library.size() : digit);
}

NodeTopology node_for(const DeviceSpec& device, std::string_view topology) {
  const bool domain = topology.find("NVL") != std::string_view::npos && topology.starts_with("NVLink5-");
  const bool pairs = device.nvlink_links > 0 && topology.find("pair") != std::string_view::npos;
  return make_node({.device = std::string(device.name),
                    .devices = domain ? 72 : 8,
                    .interconnect = pairs ? std::optional(Interconnect::nvlink_pairs) : std::nullopt,
                    .transport = Transport::infiniband});
}

/// Topologies of one kind behave alike: a switch, bridged pairs, PCIe.
std::string_view topology_kind(std::string_view topology) {
  return topology.find("pair") != std::string_view::npos ? "pairs"
         : topology.starts_with("NVLink")                ? "switch"
                                                         : "pcie";
}

/// The topology's own model; nullopt where there is none.
std::optional<Communicator> model_of(const std::string& device_name, const std::string& topology, int nodes,
                                     int ranks) {
  const DeviceSpec* device = find_device(device_name);
  if (!device || nodes > 1) return std::nullopt;
  const NodeTopology node = node_for(*device, topology);
  if (ranks > node.devices) return std::nullopt;
  return Communicator({node, 1, std::nullopt, 0}, {ranks, 1, 1, false});
}

template <typename ByRanks>
std::vector<int> ranks_of(const ByRanks& known) {
  std::vector<int> ranks;
  for (const auto& entry : known) ranks.push_back(entry.first);
  return ranks;
}

}  // namespace

MeasuredCollectives::MeasuredCollectives(const std::vector<KernelProfile>& profiles) {
  std::map<Key, std::map<int, std::vector<TimeSample>>> samples;
  for (const KernelProfile& profile : profiles) {
    for (const CollectiveSamples& group : profile.collectives) {
      for (std::size_t i = 0; i < group.ranks.size(); ++i) {
        const CollectiveQuestion question{
            profile.device, group.provenance.source,       group.provenance.library,         group.algorithm,
            group.topology, static_cast<int>(group.nodes), static_cast<int>(group.ranks[i]), group.operation,
            group.bytes[i]};
        samples[key_of(question)][question.ranks].push_back({group.bytes[i], group.median_s[i]});
      }
    }
  }
  for (const auto& [key, by_ranks] : samples) {
    for (const auto& [ranks, list] : by_ranks) {
      // Only nccl-tests times what the model describes; the other libraries go their own ways.
      MeasuredSeries::Model model;
      const auto collective = parse_enum<Collective>(key.operation);
      const auto communicator = model_of(key.device, key.topology, key.nodes, ranks);
      if (key.library.starts_with("nccl-tests") && collective && communicator) {
        model = [communicator = *communicator, collective = *collective](double bytes) {
          return communicator.time_s(collective, bytes);
        };
      }
      series_[key].emplace(ranks, MeasuredSeries(list, model));
    }
  }
}

MeasuredCollectives::Key MeasuredCollectives::key_of(const CollectiveQuestion& question) {
  return {question.device,   library_family(question.library, question.ranks),   question.algorithm,
          question.topology, one_domain(question.topology) ? 0 : question.nodes, question.operation};
}

const MeasuredCollectives::ByRanks* MeasuredCollectives::find(const CollectiveQuestion& question) const {
  const Key key = key_of(question);
  if (const auto found = series_.find(key); found != series_.end()) return &found->second;
  // Another version of the same library, the newest.
  const ByRanks* newest = nullptr;
  for (const auto& [other, by_ranks] : series_) {
    Key same = other;
    same.library = key.library;
    if (same == key && without_version(other.library) == without_version(key.library)) newest = &by_ranks;
  }
  return newest;
}

bool MeasuredCollectives::has_ranks(const CollectiveQuestion& question) const {
  const ByRanks* known = find(question);
  return known != nullptr && known->contains(question.ranks);
}

std::optional<double> MeasuredCollectives::by_sibling(const Key& key, const ByRanks& own, int ranks,
                                                      double bytes) const {
  const DeviceSpec* device = find_device(key.device);
  if (!device) return std::nullopt;
  std::optional<double> best;
  int best_distance = 0;
  for (const auto& [other, by_ranks] : series_) {
    const DeviceSpec* sibling = find_device(other.device);
    if (other.device == key.device || other.operation != key.operation || other.algorithm != key.algorithm ||
        other.nodes != key.nodes || without_version(other.library) != without_version(key.library) ||
        topology_kind(other.topology) != topology_kind(key.topology) || sibling == nullptr)
      continue;
    const auto wanted = by_ranks.find(ranks);
    if (wanted == by_ranks.end()) continue;
    // NCCL on another generation differs by more than the topology's model does.
    if (key.algorithm == "auto" && sibling->architecture != device->architecture) continue;
    const int distance =
        std::abs(static_cast<int>(device->architecture) - static_cast<int>(sibling->architecture));
    std::vector<int> shared;
    std::vector<double> log_ratio;
    for (const int n : neighbouring_ranks(ranks_of(own), ranks)) {
      const auto known = by_ranks.find(n);
      if (known == by_ranks.end()) continue;
      shared.push_back(n);
      log_ratio.push_back(std::log(own.at(n).time_s(bytes) / known->second.time_s(bytes)));
    }
    if (shared.empty()) continue;
    const int penalty = distance * 10 + (shared.size() < 2 ? 1 : 0) + (other.library == key.library ? 0 : 2);
    if (best && penalty >= best_distance) continue;
    best = wanted->second.time_s(bytes) * std::exp(across_ranks(shared, log_ratio, ranks));
    best_distance = penalty;
  }
  return best;
}

double MeasuredCollectives::by_model(const Key& key, const ByRanks& own, int ranks, double bytes) {
  const std::vector<int> known = neighbouring_ranks(ranks_of(own), ranks);
  const auto collective = parse_enum<Collective>(key.operation);
  const auto here = model_of(key.device, key.topology, key.nodes, ranks);
  std::vector<int> alike;
  std::vector<double> alike_log_ratio;
  std::vector<double> log_ratio;
  for (const int n : known) {
    const double measured_s = own.at(n).time_s(bytes);
    if (!here || !collective) {
      log_ratio.push_back(std::log(measured_s));
      continue;
    }
    const CollectiveTime there = model_of(key.device, key.topology, key.nodes, n)->time(*collective, bytes);
    const CollectiveTime wanted = here->time(*collective, bytes);
    log_ratio.push_back(std::log(measured_s / there.time_s));
    if (there.algorithm != wanted.algorithm || there.protocol != wanted.protocol) continue;
    alike.push_back(n);
    alike_log_ratio.push_back(log_ratio.back());
  }
  if (!here || !collective) return std::exp(across_ranks(known, log_ratio, ranks));
  // What a ratio says of one protocol it does not say of another.
  const double model_s = here->time_s(*collective, bytes);
  if (!alike.empty()) return model_s * std::exp(across_ranks(alike, alike_log_ratio, ranks));
  return key.library.starts_with("nccl-tests") ? model_s
                                               : model_s * std::exp(across_ranks(known, log_ratio, ranks));
}

std::optional<double> MeasuredCollectives::time_s(const CollectiveQuestion& question) const {
  const ByRanks* own = find(question);
  const Key key = key_of(question);
  if (!own) {
    const auto model = model_of(key.device, key.topology, key.nodes, question.ranks);
    const auto collective = parse_enum<Collective>(key.operation);
    if (!model || !collective) return std::nullopt;
    return model->time_s(*collective, question.bytes);
  }
  if (const auto exact = own->find(question.ranks); exact != own->end())
    return exact->second.time_s(question.bytes);
  if (const auto sibling = by_sibling(key, *own, question.ranks, question.bytes)) return sibling;
  return by_model(key, *own, question.ranks, question.bytes);
}

}  // namespace spotmix::accuracy
