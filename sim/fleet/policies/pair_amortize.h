// Cuts the time to the deadline into slices, each with its share of the work.
#pragma once

#include <cassert>
#include <vector>

#include "sim/fleet/policies/job_policy.h"

namespace spotmix::sim {

/// Cuts the time to the deadline into slices, each with its share of the work, and pays a slice's debt on
/// demand at its end; what a slice does beyond its share is carried over (`average`: spread over the slices
/// to come).
class PairAmortize : public JobPolicy {
 public:
  PairAmortize(Duration slice, bool average) : slice_(slice), average_(average) {}
  void begin(const JobFacts& facts, Outlook& outlook) override;
  Decision decide(const Observation& seen) override;
  void rescale(double ratio) override;

 protected:
  /// Work done within the slice that began at decision point `first`, as seen at `seen`.
  virtual Duration done_in_slice(std::int64_t first, const Observation& seen) const;
  /// Work done up to decision point `k`, which must be past.
  Duration done_at(std::int64_t k) const {
    assert(k >= 0 && static_cast<std::size_t>(k) < done_at_.size());
    return done_at_[static_cast<std::size_t>(k)];
  }

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

}  // namespace spotmix::sim
