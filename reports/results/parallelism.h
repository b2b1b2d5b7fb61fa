// How the work of a step is split over devices, in a scenario's own words.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace spotmix::reports {

/// How data-parallel ranks come to one gradient; what the kind has not is unknown.
struct GradientSyncFigures {
  std::string kind;  ///< "all_reduce", "parameter_server", "periodic_average"
  bool overlap = false;
  std::optional<double> bucket_mib;
  std::optional<int> servers;
  std::optional<bool> servers_on_workers;  ///< false: on instances of their own
  std::optional<bool> asynchronous;
  std::optional<int> every;  ///< steps between two averages

  bool operator==(const GradientSyncFigures&) const = default;
};

/// data × tensor × pipeline is the number of devices.
struct ParallelismFigures {
  int data = 1;
  int tensor = 1;
  int pipeline = 1;
  int expert = 1;                   ///< data-parallel ranks that share the experts
  int micro_batch = 0;              ///< samples per device and micro-batch; 0: not known
  std::string schedule{};           ///< empty without a pipeline
  int chunks = 1;                   ///< of the model on each pipeline device
  std::vector<int> stage_layers{};  ///< of each piece of the pipeline; empty without one
  std::string recompute{};
  std::string sharding{};
  bool sequence_parallel = false;
  std::optional<GradientSyncFigures> gradient_sync{};  ///< unknown with one data-parallel rank

  bool operator==(const ParallelismFigures&) const = default;
};

}  // namespace spotmix::reports
