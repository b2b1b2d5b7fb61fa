// Many replications of every mix, over threads. The result does not depend on how many.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "sim/batch/result.h"
#include "sim/replay/experiment.h"
#include "sim/replay/timeline.h"

namespace spotmix::sim {

struct BatchOptions {
  unsigned jobs = 0;  ///< threads; 0: one per core
  bool keep_replications = false;
  /// Called now and then, from any one thread at a time, with the number of replications done.
  std::function<void(std::uint64_t done)> on_progress;
  /// Set to stop early; run_batch then throws Interrupted.
  const std::atomic<bool>* stop = nullptr;
};

struct Interrupted {};

/// Runs all replications of all feasible mixes. Throws SimulationError naming mix and replication when a
/// limit is crossed (sim/engine/limits.h).
BatchResult run_batch(const Experiment& experiment, const BatchOptions& options = {});

/// Marks the mixes that no other beats in both mean time and mean cost; unfinished or infeasible ones are not
/// on the front and beat no mix.
void mark_pareto_front(BatchResult& result);

/// Replays one replication of one mix again and keeps its story and its bill.
ReplicationRecord record_replication(const Experiment& experiment, std::size_t mix,
                                     std::uint64_t replication);

}  // namespace spotmix::sim
