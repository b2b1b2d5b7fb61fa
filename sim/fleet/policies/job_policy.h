// Base of policies that need only the facts of the job.
#pragma once

#include "sim/fleet/policy.h"

namespace spotmix::sim {

class JobPolicy : public Policy {
 public:
  void begin(const JobFacts& facts, Outlook&) override { job_ = &facts; }

 protected:
  const JobFacts& job() const { return *job_; }

 private:
  const JobFacts* job_ = nullptr;
};

/// For PolicyEntry::make of a policy that has no settings.
template <class P>
std::unique_ptr<Policy> make_plain(const PolicySpec&) {
  return std::make_unique<P>();
}

}  // namespace spotmix::sim
