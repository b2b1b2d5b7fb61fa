// Exchanging gradients without AllReduce: parameter servers and periodic averaging.
//
// Li et al. 2014 (parameter server); Spark-based trainers average through their driver (Moritz et al. 2015,
// arXiv 1511.06051). S bytes of gradients, n workers, k servers, B bytes per second of an instance's network,
// one direction.
#pragma once

namespace spotmix::models {

struct ServerSync {
  int worker_instances = 1;
  int servers = 1;
  double bytes = 0;                 ///< Gradients of the model; the weights coming back are as many.
  double instance_bytes_per_s = 0;  ///< Network of one instance.
  double server_bytes_per_s = 0;    ///< Network of one server.
  bool on_workers = true;
};

/// Seconds to push every gradient and pull every weight: max(2S/B, 2nS/(k·B_server)); the traffic of servers
/// that share a worker's adapters adds to the worker's own. Workers beside a server reach their share of it
/// locally.
double parameter_server_s(const ServerSync& sync);

/// Seconds a step, on average over `every` steps, when a driver gathers n copies of the weights and sends the
/// mean back.
double periodic_average_s(int instances, double bytes, double driver_bytes_per_s, int every);

}  // namespace spotmix::models
