#include "scenarios/experiment/given_rates.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {
namespace {

class Paces {
 public:
  Paces(const std::vector<GivenRate>& rates, const std::vector<TypeOfMix>& types, const Provider& provider)
      : rates_(rates), provider_(provider) {
    std::copy_if(types.begin(), types.end(), std::back_inserter(types_),
                 [](const TypeOfMix& type) { return type.role == GroupRole::worker; });
    by_devices_ = std::all_of(types_.begin(), types_.end(),
                              [&](const TypeOfMix& type) { return devices(type.instance) > 0; });
  }

  /// Devices of one instance, or its units.
  double size(const std::string& instance) const {
    return by_devices_ ? devices(instance) : weight(instance);
  }

  double size(const ClusterShape& cluster) const {
    double sum = 0;
    for (const auto& [instance, count] : cluster) sum += count * size(instance);
    return sum;
  }

  /// Of one device or unit in a cluster of this size.
  std::optional<double> pace(const std::string& instance, double whole) const {
    if (const auto alone = rate_alone(instance, whole / size(instance))) return *alone / whole;
    return pace_beside_others(instance);
  }

  /// Of one device or unit of `instance` by the weights of the mix's types.
  std::optional<double> pace_by_weight(const std::string& instance, double whole, std::string& like) const {
    const bool weighted = std::any_of(types_.begin(), types_.end(), [&](const TypeOfMix& type) {
      return type.weight != types_.front().weight;
    });
    if (!weighted) return std::nullopt;
    for (const TypeOfMix& type : types_) {
      const auto known = pace(type.instance, whole);
      if (!known) continue;
      like = type.instance;
      return *known * size(type.instance) / type.weight * weight(instance) / size(instance);
    }
    return std::nullopt;
  }

  int weight(const std::string& instance) const {
    for (const TypeOfMix& type : types_) {
      if (type.instance == instance) return type.weight;
    }
    return 1;
  }

 private:
  int devices(const std::string& instance) const {
    const InstanceType* type = provider_.find(instance);
    return type == nullptr ? 0 : type->devices;
  }

  /// Of so many instances of this type and no other, on the line between the nearest sizes that are given.
  std::optional<double> rate_alone(const std::string& instance, double count) const {
    std::map<double, double> known{{0, 0}};
    for (const GivenRate& rate : rates_) {
      if (rate.cluster.size() == 1 && rate.cluster.begin()->first == instance)
        known[rate.cluster.begin()->second] = rate.samples_per_s;
    }
    if (known.size() == 1) return std::nullopt;
    const auto above = known.lower_bound(count);
    if (above == known.end()) return known.rbegin()->second * count / known.rbegin()->first;
    if (above->first == count) return above->second;
    const auto below = std::prev(above);
    const double share = (count - below->first) / (above->first - below->first);
    return below->second + share * (above->second - below->second);
  }

  std::optional<double> pace_beside_others(const std::string& instance) const {
    std::optional<double> best;
    for (const GivenRate& rate : rates_) {
      const bool all_known = std::all_of(rate.cluster.begin(), rate.cluster.end(),
                                         [&](const auto& part) { return size(part.first) > 0; });
      if (!rate.cluster.contains(instance) || !all_known) continue;
      best = std::max(best.value_or(0), rate.samples_per_s / size(rate.cluster));
    }
    return best;
  }

  const std::vector<GivenRate>& rates_;
  std::vector<TypeOfMix> types_;  ///< that train
  const Provider& provider_;
  bool by_devices_ = false;
};

}  // namespace

RateFromOthers rate_from_others(const std::vector<GivenRate>& rates, const ClusterShape& cluster,
                                const std::vector<TypeOfMix>& types, const Provider& provider,
                                bool proportional) {
  const Paces paces(rates, types, provider);
  const double whole = paces.size(cluster);
  RateFromOthers result;
  result.source = "rates of other clusters";
  for (const GivenRate& rate : rates) {
    const bool shares_a_type = std::any_of(rate.cluster.begin(), rate.cluster.end(),
                                           [&](const auto& part) { return cluster.contains(part.first); });
    if (shares_a_type && rate.error) result.error = std::max(result.error.value_or(0), *rate.error);
  }
  double sum = 0;
  std::optional<double> slowest;
  for (const auto& [instance, count] : cluster) {
    auto pace = paces.pace(instance, whole);
    std::string like;
    if (!pace && (pace = paces.pace_by_weight(instance, whole, like))) {
      result.warnings.push_back(fmt::format(
          "found no rate of {}: by its weight it trains as {:g} times {} (a rate of some cluster of "
          "it is more certain)",
          instance, static_cast<double>(paces.weight(instance)) / paces.weight(like), like));
    }
    if (!pace) {
      result.unknown_type = instance;
      return result;
    }
    sum += count * paces.size(instance) * *pace;
    slowest = std::min(slowest.value_or(*pace), *pace);
  }
  result.samples_per_s = proportional ? sum : whole * slowest.value_or(0);
  return result;
}

}  // namespace spotmix::scenarios
