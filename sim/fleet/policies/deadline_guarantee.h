// A guarantee of the deadline, around any policy.
#pragma once

#include <memory>
#include <utility>

#include "sim/fleet/policy.h"

namespace spotmix::sim {

/// Adds to any policy: when only an uninterrupted run still meets the deadline, run on demand, unless a
/// running spot fleet has its restart behind it.
class DeadlineGuarantee final : public Policy {
 public:
  explicit DeadlineGuarantee(std::unique_ptr<Policy> inner) : inner_(std::move(inner)) {}
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;
  void rescale(double ratio) override { inner_->rescale(ratio); }

 private:
  std::unique_ptr<Policy> inner_;
  const JobFacts* job_ = nullptr;
};

}  // namespace spotmix::sim
