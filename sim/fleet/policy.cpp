#include "sim/fleet/policy.h"

#include <stdexcept>

#include "sim/fleet/policies/policies.h"

namespace spotmix::sim {
namespace {

std::unique_ptr<Policy> make_plain_policy(const PolicySpec& spec) {
  switch (spec.kind) {
    case PolicyKind::fixed:
      return std::make_unique<Fixed>();
    case PolicyKind::on_demand_fallback:
      return std::make_unique<OnDemandFallback>(spec.fallback_wait);
    case PolicyKind::on_demand:
      return std::make_unique<OnDemandOnly>();
    case PolicyKind::spot_only:
      return std::make_unique<SpotOnly>();
    case PolicyKind::greedy:
      return std::make_unique<Greedy>();
    case PolicyKind::rc_threshold:
      return std::make_unique<ProgressThreshold>(false);
    case PolicyKind::uniform_progress:
      return std::make_unique<ProgressThreshold>(true);
    case PolicyKind::pair_amortize:
      return std::make_unique<PairAmortize>(spec.pair_slice, false);
    case PolicyKind::pair_amortize_average:
      return std::make_unique<PairAmortize>(spec.pair_slice, true);
    case PolicyKind::ideal_no_overhead:
      return std::make_unique<IdealNoOverhead>();
  }
  throw std::logic_error("unknown policy kind");
}

}  // namespace

std::unique_ptr<Policy> make_policy(const PolicySpec& spec) {
  auto policy = make_plain_policy(spec);
  if (spec.guarantee_deadline) return std::make_unique<DeadlineGuarantee>(std::move(policy));
  return policy;
}

bool needs_deadline(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::greedy:
    case PolicyKind::rc_threshold:
    case PolicyKind::uniform_progress:
    case PolicyKind::pair_amortize:
    case PolicyKind::pair_amortize_average:
    case PolicyKind::ideal_no_overhead:
      return true;
    default:
      return false;
  }
}

}  // namespace spotmix::sim
