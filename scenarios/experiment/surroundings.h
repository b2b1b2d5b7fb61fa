// What a mix pays besides instances (docs/rules.md 12), and what distance between zones costs it.
#pragma once

#include <string>
#include <vector>

#include "base/result/problem.h"
#include "models/provenance/source.h"
#include "scenarios/build.h"
#include "scenarios/experiment/recovery.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/scenario.h"
#include "scenarios/warning.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

/// A mix as far as it is assembled. Refers to what it is made of.
struct AssembledMix {
  const Scenario& scenario;
  const Provider& provider;
  const MixSpec& spec;
  const sim::Mix& mix;
  const sim::Market& market;
  const RecoveryPlan& recovery;
  const MixDetails& details;
  ThroughputModel& throughput;
};

struct Surroundings {
  sim::SurroundingCosts costs;
  double ring_gb_per_h = 0;  ///< Over each boundary between zones, in an hour of training in one zone.
  double cut_gb_per_h = 0;   ///< Of pipelines, where their row leaves a zone, both ways.
  std::vector<models::Source> sources;
  std::vector<Finding> findings;  ///< what could not be known, and is left out
};

/// Storage of checkpoints, images and data, the volumes of instances, requests, and, where the mix's
/// instances may be in several zones at once, the price of their gradients' traffic and how much slower they
/// train.
Surroundings surroundings_of(const AssembledMix& assembled);

}  // namespace spotmix::scenarios
