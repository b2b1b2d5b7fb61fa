// Measured collectives of one kind of node, to be used instead of the topology's model.
//
// A kernel profile that holds nccl-tests' times for a device and rank count says more of that node than the
// fitted lines do. It is used only for the same collective and rank count, inside one node whose devices are
// connected as those that were timed. Links that run slower take as much longer as the model says.
#pragma once

#include <functional>
#include <optional>
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

/// What was timed of `collective` among `ranks` devices of such a node, on this machine before published, by
/// the newest library; nullopt where fewer than four sizes were. The model shapes the times between samples.
std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const NodeTopology& node, int ranks, Collective collective);

}  // namespace spotmix::models
