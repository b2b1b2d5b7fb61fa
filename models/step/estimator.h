// Step times of many configurations of one workload on one cluster.
//
// An estimator remembers what its parts cost (costs.h), so that a further configuration costs microseconds.
// One estimator belongs to one thread.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "models/step/costs.h"
#include "models/step/finished_step.h"
#include "models/step/pipeline.h"
#include "models/step/step.h"

namespace spotmix::models {

class StepEstimator {
 public:
  /// Of `input`, the global batch and the parallelism come with each question instead.
  /// Times and memory are those of the devices of `paced_by`, or of the cluster's slowest and smallest where
  /// that is null.
  explicit StepEstimator(const StepInput& input, const InstanceGroup* paced_by = nullptr)
      : costs_(input, paced_by) {}

  /// `spans`, where given, receives the step as a timeline.
  StepBreakdown step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans = nullptr);

  /// The same for a search: a step that fits but must take at least `give_up_s` is not looked at further, and
  /// its time is that lower bound.
  StepBreakdown step_unless_slower(const Parallelism& parallelism, int global_batch, double give_up_s);

  std::vector<LayerTiming> layer_timings(const Parallelism& parallelism, int global_batch);

  /// Asks on for other software; what its kernels cost alone is kept.
  void set_software(const Software& software) { costs_.set_software(software); }

  const StepInput& input() const { return costs_.input(); }
  const std::vector<Source>& sources() const { return costs_.sources(); }

 private:
  std::string misfit(const Parallelism& parallelism, int global_batch) const;
  StepBreakdown step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans,
                     double give_up_s);
  FinishedStep finish(Configuration configuration, bool with_details);
  const PipelineRun& run_of(const PipelineWork& work);
  double update_s(const Configuration& configuration) const;
  double wait_s(const Parallelism& parallelism, double compute_s) const;

  StepCosts costs_;
  // A search asks for the same pipeline under several shardings in a row.
  std::deque<std::pair<PipelineWork, PipelineRun>> latest_runs_;
};

}  // namespace spotmix::models
