#include "models/collectives/ring_costs.h"

namespace spotmix::models {

double ring_hops(Collective collective, int ranks) {
  return (collective == Collective::all_reduce ? 2.0 : 1.0) * (ranks - 1);
}

CollectiveLine ring_line(const RingCosts& costs, Protocol protocol, Collective collective, int ranks,
                         double bandwidth_bytes_per_s) {
  CollectiveLine line;
  line.algorithm = Algorithm::ring;
  line.protocol = protocol;
  const double hops = ring_hops(collective, ranks);
  line.latency_s = costs.base_s + hops * costs.hop_s;
  line.s_per_byte =
      bus_factor(collective, ranks) * costs.wire / bandwidth_bytes_per_s + costs.copy_s_per_byte / ranks;
  if (costs.pass_bytes_per_rank > 0) {
    line.loop_bytes = costs.pass_bytes_per_rank * ranks;
    line.loop_s = hops * costs.pass_hop_s;
  }
  return line;
}

}  // namespace spotmix::models
