// The policies that there are, one line for each: policy_entries::NAME() is defined in the policy's own file.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "sim/fleet/policies/deadline_guarantee.h"
#include "sim/fleet/policy.h"

#define SPOTMIX_POLICIES(POLICY) \
  POLICY(fixed)                  \
  POLICY(on_demand_fallback)     \
  POLICY(on_demand)              \
  POLICY(spot_only)              \
  POLICY(greedy)                 \
  POLICY(rc_threshold)           \
  POLICY(uniform_progress)       \
  POLICY(pair_amortize)          \
  POLICY(pair_amortize_avg)      \
  POLICY(ideal_no_overhead)

namespace spotmix::sim {

#define SPOTMIX_DECLARE_POLICY(name) PolicyEntry name();
namespace policy_entries {
SPOTMIX_POLICIES(SPOTMIX_DECLARE_POLICY)
}  // namespace policy_entries

std::span<const PolicyEntry> policies() {
#define SPOTMIX_LIST_POLICY(name) policy_entries::name(),
  static const std::array kEntries{SPOTMIX_POLICIES(SPOTMIX_LIST_POLICY)};
  return kEntries;
}

const PolicyEntry* find_policy(std::string_view name) {
  const auto all = policies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const PolicyEntry& entry) {
    return entry.name == name || (!entry.alias.empty() && entry.alias == name);
  });
  return found == all.end() ? nullptr : &*found;
}

bool may_be_spot(const Mix& mix, const Group& group) {
  const PolicyEntry* policy = find_policy(mix.policy.name);
  if (policy == nullptr || !policy->buys_spot || group.purchase == Purchase::reserved) return false;
  return group.purchase == Purchase::spot || policy->decides_purchase;
}

std::vector<std::uint32_t> spot_pools(const Mix& mix) {
  std::vector<std::uint32_t> pools;
  for (const Group& group : mix.groups) {
    if (!may_be_spot(mix, group)) continue;
    for (const std::uint32_t pool : group.pools) {
      if (std::find(pools.begin(), pools.end(), pool) == pools.end()) pools.push_back(pool);
    }
  }
  return pools;
}

std::unique_ptr<Policy> make_policy(const PolicySpec& spec) {
  const PolicyEntry* entry = find_policy(spec.name);
  if (entry == nullptr) throw std::invalid_argument("there is no policy of the name " + spec.name);
  auto policy = entry->make(spec);
  if (spec.guarantee_deadline) return std::make_unique<DeadlineGuarantee>(std::move(policy));
  return policy;
}

}  // namespace spotmix::sim
