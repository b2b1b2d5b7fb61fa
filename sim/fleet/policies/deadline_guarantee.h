// A guarantee of the deadline, around any policy.
#pragma once

#include <memory>
#include <utility>

#include "sim/fleet/policy.h"

namespace spotmix::sim {

/// Adds to any policy that at each decision the rest of the job on demand fits before the deadline even if it
/// begins one decision later and with nothing but what is saved: what the policy wants is done while it does,
/// then the whole fleet runs on demand to the end, without more checkpoints. Without checkpoints nothing
/// would be left of what spot did: on demand from the start.
///
/// Where no work is ever lost and spot is as fast as on demand, a spot fleet that trains loses no time
/// either: it is kept, and only one that is lost, or still restarts, gives way to on demand (REFERENCE: the
/// safety net of skynomad's policies).
class DeadlineGuarantee final : public Policy {
 public:
  explicit DeadlineGuarantee(std::unique_ptr<Policy> inner) : inner_(std::move(inner)) {}
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;
  void rescale(double ratio) override { inner_->rescale(ratio); }

 private:
  Duration rest_if_delayed(const Observation& seen, Choice choice) const;
  bool is_last_chance(const Observation& seen) const;
  Decision guarded(const Observation& seen, const Decision& decision);

  std::unique_ptr<Policy> inner_;
  const JobFacts* job_ = nullptr;
  bool to_the_end_ = false;
};

}  // namespace spotmix::sim
