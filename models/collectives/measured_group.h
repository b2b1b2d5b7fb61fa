// Measured collectives of a group of ranks, to be used instead of the topology's model.
//
// A kernel profile that holds nccl-tests' times for a device says more of its links than the fitted lines do.
// What was measured on a cluster of one's own answers for every group of such devices: for another number of
// ranks, its ratio to the model at the measured ranks times the model at those asked for. A published table
// answers only inside one node, for the same rank count, where devices are connected as those that were
// timed. Links that run slower take as much longer as the model says.
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

/// Measured samples over so many ranks.
struct MeasuredSamples {
  const KernelProfile* profile = nullptr;
  const CollectiveSamples* samples = nullptr;
  int ranks = 0;
};

/// All of a profile that were measured between devices; ranks of one device say nothing of links.
std::vector<MeasuredSamples> measured_between_devices(const KernelProfile& profile);

/// Why no group of the cluster takes the times of `measured`, which is of `profiles`; empty if one does.
std::string unused_because(const MeasuredSamples& measured, const std::vector<KernelProfile>& profiles,
                           const ClusterTopology& cluster);

}  // namespace spotmix::models
