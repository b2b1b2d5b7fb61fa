// Measured collectives of a group of ranks, to be used instead of the topology's model.
//
// A kernel profile with nccl-tests' times for a device describes its links better than the fitted lines do.
// A measurement of one's own cluster is used for every group of the same devices; for another number of ranks
// the model's time is multiplied by measured ÷ model at the measured number. A published table is used only
// inside one node, for the same number of ranks and the same links; slower links take longer as the model
// says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/collectives/collectives.h"
#include "models/hardware/topology.h"
#include "models/kernels/profile.h"
#include "models/provenance/source.h"

namespace spotmix::models {

struct MeasuredGroup {
  std::function<double(double bytes)> time_s;
  Source source;
};

/// What was timed of `collective` on such a cluster, measured before published, by the newest library;
/// nullopt where fewer than four sizes were. The model shapes the times between samples.
std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const ClusterTopology& cluster, const GroupShape& shape,
                                            Collective collective, Library library = Library::nccl);

/// Samples that were measured with this number of ranks.
struct MeasuredSamples {
  const KernelProfile* profile = nullptr;
  const CollectiveSamples* samples = nullptr;
  int ranks = 0;
};

/// All of a profile that were measured between devices; ranks that share one device use no link.
std::vector<MeasuredSamples> measured_between_devices(const KernelProfile& profile);

/// Why no group of the cluster takes the times of `measured`, which is of `profiles`; empty if one does.
std::string unused_because(const MeasuredSamples& measured, const std::vector<KernelProfile>& profiles,
                           const ClusterTopology& cluster);

}  // namespace spotmix::models
