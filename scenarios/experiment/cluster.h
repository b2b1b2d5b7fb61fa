// The instances of a mix as the cluster that a training step runs on.
#pragma once

#include <optional>
#include <string>

#include "models/step/step.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct Provider;

/// Instances that compute, by type; a group of several types counts as instances of its first (compositions.h
/// has the others). Parameter servers are not among them.
ClusterShape shape_of(const MixSpec& mix);

/// "4 × p3.16xlarge + 2 × g4dn.xlarge".
std::string in_words(const ClusterShape& shape);

struct MixCluster {
  models::Cluster cluster;
  std::string problem;                       ///< Why no step can be computed on it; empty where one can.
  bool on_processors = false;                ///< Some instance computes without an accelerator.
  int servers = 0;                           ///< Instances that are parameter servers.
  std::optional<double> server_bytes_per_s;  ///< Network of the slowest of those.
};

/// In one zone.
MixCluster cluster_of(const MixSpec& mix, const Provider& provider);

}  // namespace spotmix::scenarios
