// What one ring protocol costs inside a node, as a sum of five physical terms.
//
//   time = base + hops · hop + wire_bytes ÷ bandwidth · wire + (bytes ÷ n) · copy + hops · passes · pass_hop
//
// hops are 2(n−1) for all_reduce, n−1 for reduce_scatter and all_gather; wire_bytes = bus_factor · bytes;
// passes count how often the pipeline fills and drains because the buffers hold `pass_bytes_per_rank · n`
// bytes. The copy is the extra local write of the last reduction, which is why two ranks never reach the bus
// bandwidth that eight do. The terms are linear, so they are fitted by least squares
// (bench/accuracy/linear_fit.h).
#pragma once

#include "models/collectives/collectives.h"

namespace spotmix::models {

struct RingCosts {
  double base_s = 0;               ///< Launch and first signal.
  double hop_s = 0;                ///< Each hop along the ring.
  double wire = 1;                 ///< Time on the wire ÷ (bytes ÷ nominal bandwidth of the protocol).
  double copy_s_per_byte = 0;      ///< Per byte of one rank's share.
  double pass_hop_s = 0;           ///< Each hop, once per pass over the buffers.
  double pass_bytes_per_rank = 0;  ///< 0: the buffers never wrap.
};

/// The line that these costs make.
CollectiveLine ring_line(const RingCosts& costs, Protocol protocol, Collective collective, int ranks,
                         double bandwidth_bytes_per_s);

/// Hops along the ring: 2(n−1) for all_reduce, n−1 for the others.
double ring_hops(Collective collective, int ranks);

}  // namespace spotmix::models
