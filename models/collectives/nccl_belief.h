// What NCCL believes a ring or an in-switch reduction costs inside one node: the figures by which it picks
// its protocol. Its belief is not the truth, so a switch-over can make a larger message faster; that is
// measured too.
//
// Source: NVIDIA/nccl@5067397c, src/graph/tuning.cc and src/graph/topo.h (BSD-3), figures only.
#pragma once

#include "models/collectives/collectives.h"

namespace spotmix::models {

struct Belief {
  double latency_s = 0;
  double bus_bytes_per_s = 0;
};

/// `ring_bytes_per_s`: bandwidth of all rings together. `over_pcie`: the hops go over PCIe instead of NVLink.
Belief believed_ring(Architecture architecture, Protocol protocol, double ring_bytes_per_s, double hops,
                     bool over_pcie);

/// NVLink SHARP: algorithm bandwidth (bytes of the collective per second), not bus bandwidth.
Belief believed_in_network(Architecture architecture, double ring_bytes_per_s);

}  // namespace spotmix::models
