// A step whose parts are all timed: what its breakdown and its timeline are made from.
#pragma once

#include <vector>

#include "models/step/configuration.h"
#include "models/step/gradients.h"
#include "models/step/pipeline.h"
#include "models/step/span.h"
#include "models/workload/workload.h"

namespace spotmix::models {

struct FinishedStep {
  const Workload* workload = nullptr;
  Configuration configuration;
  PipelineRun run{};
  std::vector<GradientTail> tails{};  ///< One per pipeline device.
  double all_ready_s = 0;             ///< When every stage has its gradients.
  double tied_s = 0;                  ///< After that: gradients of an embedding that two stages hold.
  double update_s = 0;                ///< After that.
  double wait_s = 0;                  ///< After that: for the slowest device.

  /// What only a timeline needs.
  struct Details {
    std::vector<Span> passes{};             ///< As the pipeline ran.
    std::vector<BucketExchange> buckets{};  ///< One per pipeline device.
    double tied_bytes = 0;
  } details{};
};

}  // namespace spotmix::models
