#include "scenarios/experiment/out_of_reach.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text/text_values.h"
#include "scenarios/experiment/mix.h"

namespace spotmix::scenarios {
namespace {

class Reach {
 public:
  Reach(const MixSpec& spec, const sim::Mix& mix, const sim::Experiment& experiment)
      : mix_(mix), experiment_(experiment), market_(experiment.market), policy_(policy_entry(spec.policy)) {}

  std::vector<Finding> look() {
    for (const sim::Group& group : mix_.groups) {
      if (group.pools.empty()) continue;
      if (buys_spot(group)) look_at_price(group);
      look_at_quota(group);
      if (buys_spot(group)) look_at_capacity(group);
    }
    look_at_horizon();
    return std::move(findings_);
  }

 private:
  const sim::Pool& pool(std::uint32_t index) const { return market_.pools[index]; }

  bool buys_spot(const sim::Group& group) const {
    return group.purchase == sim::Purchase::spot && policy_.buys_spot;
  }

  /// Whether every one of the group's instances must be there at once, and none of them may be bought
  /// otherwise.
  bool must_be_complete(const sim::Group& group) const {
    const bool otherwise = group.purchase == sim::Purchase::spot && policy_.buys_on_demand;
    return !otherwise && (mix_.gang.kind == sim::GangKind::rigid || group.launch_together);
  }

  static int weight(const sim::Group& group, std::size_t i) {
    return group.weights.empty() ? 1 : group.weights[i];
  }

  /// Of all pools' prices the least per unit; none where a pool has no price.
  std::optional<std::int64_t> least_price(const sim::Group& group) const {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      const auto& prices = pool(group.pools[i]).spot_price.value;
      if (prices.empty()) return std::nullopt;
      const auto cheapest =
          std::min_element(prices.begin(), prices.end(), [](auto a, auto b) { return a < b; });
      least = std::min(least, cheapest->nano_usd_per_h / weight(group, i));
    }
    return least;
  }

  void look_at_price(const sim::Group& group) {
    if (!group.max_price) return;
    const auto least = least_price(group);
    if (!least || *least <= group.max_price->nano_usd_per_h + market_.price_tolerance.nano_usd_per_h) return;
    add(WarningCode::price_never_met,
        "at a maximum of ${} an hour nobody sells spot {}: the least price is ${}",
        format_price(*group.max_price), group.instance_type, format_price({*least}));
  }

  void look_at_quota(const sim::Group& group) {
    const sim::Pool& first = pool(group.pools.front());
    if (first.quota == sim::Pool::kNoQuota) return;
    const bool shared = std::all_of(group.pools.begin(), group.pools.end(),
                                    [&](std::uint32_t i) { return pool(i).quota == first.quota; });
    if (!shared) return;
    const sim::Quota& quota = market_.quotas[first.quota];
    const int allowed = buys_spot(group) ? quota.spot_vcpus : quota.on_demand_vcpus;
    double per_unit = std::numeric_limits<double>::infinity();
    int one = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      one = std::min(one, pool(group.pools[i]).vcpus);
      per_unit = std::min(per_unit, static_cast<double>(pool(group.pools[i]).vcpus) / weight(group, i));
    }
    const double needed = must_be_complete(group) ? group.count * per_unit : one;
    if (needed <= allowed) return;
    add(WarningCode::quota_too_small, "{} {} {} {} vCPUs of {}, the quota is {}", group.count,
        group.instance_type, must_be_complete(group) ? "need" : "need at least", fmt::format("{:g}", needed),
        quota.family_class, allowed);
  }

  /// Where traces count, the most that all pools ever had.
  void look_at_capacity(const sim::Group& group) {
    if (!must_be_complete(group)) return;
    std::int64_t most = 0;
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      const sim::Pool& from = pool(group.pools[i]);
      if (from.capacity.empty() || from.capacity_is_binary) return;
      most += std::int64_t{*std::max_element(from.capacity.value.begin(), from.capacity.value.end())} *
              weight(group, i);
    }
    if (most >= group.count) return;
    add(WarningCode::capacity_too_small, "{} {} must be there at once, and its pools never have more than {}",
        group.count, group.instance_type, most);
  }

  /// Speed relative to what the mix's work is stated for.
  double fastest() const {
    if (mix_.compositions.empty()) return 1;
    double fastest = 0;
    for (const auto& [counts, composition] : mix_.compositions.entries())
      fastest = std::max(fastest, composition.speed);
    return fastest;
  }

  void look_at_horizon() {
    const double least_h = to_hours(mix_.work) / fastest();
    if (least_h <= to_hours(experiment_.horizon)) return;
    const bool drawn = mix_.step_error.sigma > 0;
    add(WarningCode::horizon_too_short,
        "training takes {:.1f} h {}, and the horizon is {:.1f} h: it will be unfinished{}", least_h,
        drawn ? "or more in half of the replications" : "at the least", to_hours(experiment_.horizon),
        drawn ? " in these" : "");
  }

  template <class... Parts>
  void add(WarningCode code, fmt::format_string<Parts...> text, Parts&&... parts) {
    findings_.push_back({code, fmt::format(text, std::forward<Parts>(parts)...)});
  }

  const sim::Mix& mix_;
  const sim::Experiment& experiment_;
  const sim::Market& market_;
  const sim::PolicyEntry& policy_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> out_of_reach(const MixSpec& spec, const sim::Mix& mix,
                                  const sim::Experiment& experiment) {
  return Reach(spec, mix, experiment).look();
}

}  // namespace spotmix::scenarios
