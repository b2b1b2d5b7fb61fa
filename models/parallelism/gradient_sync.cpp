#include "models/parallelism/gradient_sync.h"

#include <algorithm>

namespace spotmix::models {

double parameter_server_s(const ServerSync& sync) {
  const double workers = sync.worker_instances;
  const double servers = sync.servers;
  const double share = sync.bytes / servers;  // of the model, on each server
  if (!sync.on_workers) {
    return std::max(2 * sync.bytes / sync.instance_bytes_per_s,
                    2 * workers * share / sync.server_bytes_per_s);
  }
  // A worker's instance that also serves exchanges its own gradients but for the share it holds, and the
  // share it holds with every other worker. Sending and receiving run at once, so each direction carries
  // half.
  const double own = sync.bytes - share;
  const double served = (workers - 1) * share;
  const double both_ways = 2 * (own + served);
  return workers > 1 ? both_ways / sync.instance_bytes_per_s : 0;
}

double periodic_average_s(int instances, double bytes, double driver_bytes_per_s, int every) {
  if (instances < 2) return 0;
  return 2 * instances * bytes / driver_bytes_per_s / every;
}

}  // namespace spotmix::models
