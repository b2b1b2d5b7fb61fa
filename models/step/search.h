// `parallelism: auto`: the fastest way to divide a step over the cluster, and what else was considered.
#pragma once

#include <string>
#include <vector>

#include "models/step/step.h"

namespace spotmix::models {

struct Alternative {
  StepBreakdown step;  ///< Infeasible where nothing of this (data, tensor, pipeline) can run.
  std::string why;     ///< One clause: "+18 %: tensor all-reduce crosses nodes", "does not fit: needs …".
};

struct SearchResult {
  StepBreakdown best;  ///< Infeasible with a reason where nothing can run.
  std::string why;     ///< One sentence: what the best wins by, against the next way to divide the model.
  std::vector<Alternative> runners_up;  ///< The best of every other (data, tensor, pipeline), fastest first.
  int considered = 0;                   ///< Configurations that were timed or did not fit.
};

/// Which settings of the input's own `parallelism` hold; the search chooses the others.
struct FixedSettings {
  bool data = false;
  bool tensor = false;
  bool pipeline = false;
  bool expert = false;
  bool micro_batch = false;
  bool schedule = false;
  bool chunks = false;
  bool recompute = false;
  bool sharding = false;
  bool sequence_parallel = false;

  bool operator==(const FixedSettings&) const = default;
};

/// Tries every data × tensor × pipeline that the devices and the layers allow, with micro-batches of powers
/// of two, every schedule, the least recomputation that fits, every sharding, and the experts over the
/// data-parallel ranks. Equal times go to the simpler configuration, found first. `at_most` runners-up are
/// kept. What the input's own `parallelism` says of exchanging gradients and of the layers of its stages
/// holds, and the settings that `fixed` names. Parameter servers and drivers exchange gradients of whole
/// models only.
SearchResult search_parallelism(const StepInput& input, const FixedSettings& fixed = {},
                                std::size_t at_most = 5);

}  // namespace spotmix::models
