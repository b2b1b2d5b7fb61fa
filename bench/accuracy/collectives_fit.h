// Fits the costs of models/collectives on measured collectives. The shipped constants come from here
// (`accuracy --show-fit`), cross-validation calls it on parts of the rows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/collectives/fitted_costs.h"

namespace spotmix::accuracy {

struct CollectiveSample {
  models::Collective collective = models::Collective::all_reduce;
  int ranks = 2;
  double bytes = 0;
  double time_s = 0;
};

/// How a table spaces its sizes. Evenly spaced ones are mostly large: a weight of 1/√bytes brings small
/// messages nearer to par.
enum class Sizes { evenly_spaced, by_octave };

/// Ring, in-network and pair costs inside one node, each fitted on the samples for which the library's own
/// belief picks that algorithm and protocol; `start` gives what no sample reaches, and the size of the
/// buffers.
models::NodeCosts fit_node(const models::NodeTopology& node, models::Library library,
                           std::span<const CollectiveSample> samples, const models::NodeCosts& start,
                           Sizes spacing);

struct TopologySamples {
  models::NodeTopology node;
  std::vector<CollectiveSample> samples;
};

/// The same over several topologies at once, which share their costs and differ in their rates.
models::NodeCosts fit_nodes(const std::vector<TopologySamples>& topologies, models::Library library,
                            const models::NodeCosts& start, Sizes spacing);

/// One- and two-shot kernels, on samples of AllReduce up to start.limit_bytes.
models::CustomCosts fit_custom(const models::NodeTopology& node, std::span<const CollectiveSample> samples,
                               const models::CustomCosts& start);
std::string describe(const std::string& title, const models::CustomCosts& costs);

/// The costs as the initializer that models/collectives/fitted_costs.cpp holds, microseconds and GB/s.
std::string describe(const std::string& title, const models::NodeCosts& costs);

}  // namespace spotmix::accuracy
