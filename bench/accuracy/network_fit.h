// Fits what collectives cost across nodes, one set of constants per transport.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/collectives/fitted_costs.h"

namespace spotmix::accuracy {

struct NetworkSample {
  models::ClusterTopology cluster;
  models::GroupShape group;
  double bytes = 0;
  double time_s = 0;
  bool forced_ring = false;  ///< The run was told to use rings.
};

class NetworkFits {
 public:
  /// The costs that ship, for every transport.
  static NetworkFits shipped();

  const models::NetworkCosts& of(models::Transport transport) const { return costs_.at(transport); }
  void set(models::Transport transport, const models::NetworkCosts& costs) { costs_[transport] = costs; }
  /// AllReduce.
  double time_s(const NetworkSample& sample) const;

 private:
  std::map<models::Transport, models::NetworkCosts> costs_;
};

/// Mean absolute percentage error made small by a search along each constant in turn, from a start that is
/// the same for every transport. Transports with fewer than five samples keep what ships.
NetworkFits fit_network(const std::vector<NetworkSample>& samples);

std::string describe(const NetworkFits& fits);

}  // namespace spotmix::accuracy
