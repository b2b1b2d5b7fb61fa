// All measured collectives of a set of kernel profiles, and the rule that answers for sizes and rank counts
// that were not measured.
//
// Same device, library, algorithm, topology and rank count: the series, interpolated over bytes. Another rank
// count: a sibling device that has it (the same collective and library, nearest architecture), times how this
// device compares with the sibling at the neighbouring rank counts; without a sibling, the neighbouring rank
// counts' ratio to the topology's model. Nothing measured: the model alone, where there is one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/collectives/collectives.h"
#include "models/collectives/measured.h"
#include "models/kernels/profile.h"

namespace spotmix::accuracy {

struct CollectiveQuestion {
  std::string device;     ///< As find_device names it.
  std::string source;     ///< Who timed it.
  std::string library;    ///< As the profile names it.
  std::string algorithm;  ///< "auto", "custom-graph", …
  std::string topology;   ///< As the profile names it.
  int nodes = 1;
  int ranks = 2;
  std::string operation;  ///< "all_reduce", "all_gather", …
  double bytes = 0;
};

class MeasuredCollectives {
 public:
  explicit MeasuredCollectives(const std::vector<models::KernelProfile>& profiles);

  /// Seconds; nullopt when nothing is known of the device, the topology or the operation.
  std::optional<double> time_s(const CollectiveQuestion& question) const;

  /// Whether this device has samples of this operation and library at exactly this rank count.
  bool has_ranks(const CollectiveQuestion& question) const;

 private:
  struct Key {
    std::string device;
    std::string library;
    std::string algorithm;
    std::string topology;
    int nodes = 1;
    std::string operation;
    auto operator<=>(const Key&) const = default;
  };
  using ByRanks = std::map<int, models::MeasuredSeries>;

  static Key key_of(const CollectiveQuestion& question);
  const ByRanks* find(const CollectiveQuestion& question) const;
  std::optional<double> by_sibling(const Key& key, const ByRanks& own, int ranks, double bytes) const;
  static double by_model(const Key& key, const ByRanks& own, int ranks, double bytes);

  std::map<Key, ByRanks> series_;
};

}  // namespace spotmix::accuracy
