// How the data-parallel ranks of a step come to one gradient, and what of it backward does not hide.
#pragma once

#include <cstddef>
#include <vector>

#include "models/step/configuration.h"
#include "models/step/costs.h"
#include "models/step/overlap.h"

namespace spotmix::models {

/// Gradients on one rank, by the group that adds them up.
struct GradientBytes {
  double data = 0;      ///< All data-parallel ranks.
  double replicas = 0;  ///< Those that hold the same experts.
  double total() const { return data + replicas; }
};

/// What follows the last backward pass of one device.
struct GradientTail {
  double exposed_s = 0;   ///< Gradients that backward did not hide.
  double busy_s = 0;      ///< Of the link.
  double slowdown_s = 0;  ///< Of backward, by what was hidden; copies of the gradients.
  double rows_s = 0;      ///< Of the exposed: rows of tables, after everything else.
};

/// What a device exchanges in buckets while its last backward pass runs.
struct BucketExchange {
  double backward_s = 0;  ///< Of that pass.
  std::vector<BucketTime> buckets{};
};

/// Of one configuration; refers to both of its arguments.
class Gradients {
 public:
  Gradients(StepCosts& costs, const Configuration& configuration)
      : costs_(costs), configuration_(configuration) {}

  GradientTail tail(std::size_t device) const;

  /// Empty if the gradients go through servers or with every pass, or there is one rank.
  BucketExchange buckets(std::size_t device) const;

  /// Of an embedding that the first and the last stage both hold.
  double tied_bytes() const;
  double tied_exchange_s() const;

  /// Of one repeat of a layer.
  GradientBytes bytes_of(std::size_t layer) const;

  /// REQUIRES: there are several data-parallel ranks.
  double collective_s(Collective collective, const GradientBytes& bytes) const;

 private:
  /// Lookup tables of one rank.
  struct TableBytes {
    double all = 0;
    double met = 0;  // gradients of the rows that its share of the batch looked up
  };

  const Parallelism& parallelism() const { return configuration_.parallelism; }
  bool overlaps() const { return parallelism().overlap && costs_.software().overlap; }
  double dense_bytes(double parameters) const;
  double group_s(const GroupShape& shape, const Communicator& group, Collective collective,
                 double bytes) const;
  GradientBytes mixture_of(std::size_t device) const;
  std::vector<GradientRun> runs_of(std::size_t device) const;
  std::vector<BucketRun> filled(const std::vector<GradientRun>& runs) const;
  double bucket_s(const GradientBytes& mixture, double bytes) const;
  TableBytes tables_of(std::size_t device) const;
  double tables_s(std::size_t device) const;
  double copies_s(double bytes) const;
  void add_exchange(GradientTail& tail, std::size_t device, const std::vector<GradientRun>& runs) const;
  GradientTail average_tail(double bytes, double inside_s) const;
  GradientTail server_tail(double bytes, double inside_s, double hidden_s) const;
  GradientTail tail_through_servers(std::size_t device, double bytes, double backward_s) const;

  StepCosts& costs_;
  const Configuration& configuration_;
};

}  // namespace spotmix::models
