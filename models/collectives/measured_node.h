// Measured collectives of one kind of node, to be used instead of the topology's model.
//
// A kernel profile that holds nccl-tests' times for a device and rank count says more of that node than the
// fitted lines do. It is used only for the same collective and rank count, inside one node whose devices are
// connected as those that were timed and whose links run at their full rate.
#pragma once

#include <optional>
#include <vector>

#include "models/collectives/collectives.h"
#include "models/collectives/measured.h"
#include "models/hardware/topology.h"
#include "models/kernels/profile.h"
#include "models/provenance/source.h"

namespace spotmix::models {

struct MeasuredGroup {
  MeasuredSeries series;
  Source source;
};

/// What was timed of `collective` among `ranks` devices of such a node, on this machine before published, by
/// the newest library; nullopt where fewer than four sizes were. `model` shapes the times between samples.
std::optional<MeasuredGroup> measured_group(const std::vector<KernelProfile>& profiles,
                                            const NodeTopology& node, int ranks, Collective collective,
                                            const Communicator& model);

}  // namespace spotmix::models
