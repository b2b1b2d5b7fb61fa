// The policies, one class each; their rules are where they are implemented, in the file of the same name.
#pragma once

#include <vector>

#include "sim/fleet/policy.h"

namespace spotmix::sim {

/// Base of policies that need only the facts of the job.
class JobPolicy : public Policy {
 public:
  void begin(const JobFacts& facts, Outlook&) override { job_ = &facts; }

 protected:
  const JobFacts& job() const { return *job_; }

 private:
  const JobFacts* job_ = nullptr;
};

/// Each group as configured; missing instances are replaced as soon as there are any.
class Fixed final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override;
};

/// As Fixed, but what has been missing for `wait` is bought on demand and kept.
class OnDemandFallback final : public JobPolicy {
 public:
  explicit OnDemandFallback(Duration wait) : wait_(wait) {}
  Decision decide(const Observation& seen) override;

 private:
  Duration wait_;
};

class OnDemandOnly final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override;
};

/// Spot when there is any, else wait, deadline or not.
class SpotOnly final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override;
};

/// Spot when there is any, else wait; on demand when only that still meets the deadline.
class Greedy final : public JobPolicy {
 public:
  Decision decide(const Observation& seen) override;
};

/// Keeps progress at or above the straight line to the deadline, on demand where spot is missing; Uniform
/// Progress adds hysteresis, so that it does not leave an on-demand instance the moment it is level again.
class ProgressThreshold final : public JobPolicy {
 public:
  explicit ProgressThreshold(bool hysteresis) : hysteresis_(hysteresis) {}
  Decision decide(const Observation& seen) override;

 private:
  bool hysteresis_;
};

/// Cuts the time to the deadline into slices, each with its share of the work, and pays a slice's debt on
/// demand at its end; what a slice does beyond its share is carried over (`average`: spread over the slices
/// to come).
class PairAmortize : public JobPolicy {
 public:
  PairAmortize(Duration slice, bool average) : slice_(slice), average_(average) {}
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;

 protected:
  /// Work done within the slice that began at decision point `first`, as seen at `seen`.
  virtual Duration done_in_slice(std::int64_t first, const Observation& seen) const;
  /// Work done up to decision point `k`, which must be past.
  Duration done_at(std::int64_t k) const { return done_at_[static_cast<std::size_t>(k)]; }

 private:
  void open_slice(const Observation& seen, std::int64_t k);
  bool slice_in_danger(const Observation& seen, std::int64_t k, std::int64_t slice) const;

  Duration slice_;
  bool average_;
  std::int64_t points_per_slice_ = 1;
  std::int64_t slices_ = 1;
  std::int64_t first_ = 0;  ///< decision point at which the current slice began
  double share_s_ = 0;      ///< work due in each slice, seconds
  double carry_s_ = 0;      ///< work done beyond the shares of past slices, seconds
  std::vector<Duration> done_at_;
};

/// A bound, not a policy one could run: it knows how much spot there will be before the deadline and buys the
/// rest on demand as early as it can. Meant for jobs whose restart costs nothing.
class IdealNoOverhead final : public Policy {
 public:
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;

 private:
  const JobFacts* job_ = nullptr;
  Duration on_demand_left_{0};
};

/// Adds to any policy: when only an uninterrupted run still meets the deadline, run on demand, unless a
/// running spot fleet has its restart behind it.
class DeadlineGuarantee final : public Policy {
 public:
  explicit DeadlineGuarantee(std::unique_ptr<Policy> inner) : inner_(std::move(inner)) {}
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;

 private:
  std::unique_ptr<Policy> inner_;
  const JobFacts* job_ = nullptr;
};

}  // namespace spotmix::sim
