// The time of one training step of a workload on a cluster under a parallelism, and what it is made of.
//
// A step is one update of the parameters from one global batch. Times are seconds; they come from models/,
// whose sources stand beside them. The breakdown is of the device that the step waits for: time = compute +
// exposed communication + bubble.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/hardware/topology.h"
#include "models/kernels/profile.h"
#include "models/memory/memory.h"
#include "models/parallelism/layer_cost.h"
#include "models/parallelism/parallelism.h"
#include "models/provenance/source.h"
#include "models/stacks/stack.h"
#include "models/step/span.h"
#include "models/workload/workload.h"

namespace spotmix::models {

/// Instances of one type.
struct InstanceGroup {
  NodeSpec node{};
  int instances = 1;
  double memory_bytes = 0;  ///< Of one device; 0: the device's own. A host processor has its instance's.
};

struct Cluster {
  std::vector<InstanceGroup> groups{};
  int zones =
      1;  ///< Zones that the instances are spread over; more than one lengthens the path between them.
  /// Of one instance to those in other zones; unknown: as fast as to those in its own.
  std::optional<double> cross_zone_bytes_per_s{};
  /// One way to an instance in another zone; unknown: as between zones of one region.
  std::optional<double> cross_zone_latency_s{};
};

int device_count(const Cluster& cluster);

struct StepInput {
  Workload workload{};
  Precision precision = Precision::fp32;
  int global_batch = 0;  ///< Samples per step, over all devices.
  Optimizer optimizer = Optimizer::momentum;
  Software software = software_of("eager");
  Cluster cluster{};
  /// Nothing: data parallelism over all devices.
  std::optional<Parallelism> parallelism{};
  /// What ships or was measured; null: times are scaled from published peaks. Must outlive the call.
  const std::vector<KernelProfile>* profiles = nullptr;
  double server_bytes_per_s = 0;  ///< Network of a parameter server of its own; 0: a worker's.
  double jitter =
      0;  ///< Standard deviation of one device's step time over its mean; the step waits for the slowest.
  bool check_memory = true;  ///< A step that does not fit is infeasible.
  /// Without `parallelism` only.
  bool proportional_shares =
      false;  ///< Devices of different speed take samples in proportion to it, not equally.
};

/// What communication is made of, hidden or not, in seconds of one step.
struct CommunicationParts {
  double in_layers_s = 0;        ///< Collectives of tensor and expert parallelism.
  double weights_s = 0;          ///< Sharded weights gathered, and their gradients scattered, for every pass.
  double between_stages_s = 0;   ///< Activations and their gradients sent from stage to stage.
  double gradients_s = 0;        ///< Gradients of data-parallel ranks made one; weights coming back.
  double tied_embeddings_s = 0;  ///< Gradients of an embedding that the first and the last stage both hold.

  double total_s() const {
    return in_layers_s + weights_s + between_stages_s + gradients_s + tied_embeddings_s;
  }
};

struct StepBreakdown {
  /// Why the step is impossible (a device that is not known, settings that do not divide, too little memory);
  /// empty if there is one. Every figure below is then meaningless.
  std::string infeasible_reason{};

  double time_s = 0;
  double compute_s = 0;        ///< Matrix products and memory-bound work, the optimizer's update included.
  ComputeParts compute{};      ///< What it is made of; slowdowns by communication are in none of its parts.
  double communication_s = 0;  ///< All collectives and transfers, hidden or not.
  double exposed_communication_s = 0;  ///< The part of them that nothing hides, and waiting for stragglers.
  CommunicationParts communication{};  ///< Adds up to communication_s.
  double bubble_s = 0;                 ///< Waiting for other pipeline stages.
  double samples_per_s = 0;
  std::optional<double> memory_per_device_gib{};  ///< Of the device that needs most.
  MemoryUse memory{};
  double memory_limit_bytes = 0;  ///< Of that device.
  Parallelism parallelism{};      ///< As used, every default filled in.
  std::vector<Source> sources{};  ///< One for each kind of figure.

  bool feasible() const { return infeasible_reason.empty(); }
};

/// One layer of the workload for one micro-batch on one rank, of one repeat.
struct LayerTiming {
  std::string name{};
  int repeat = 1;
  double forward_s = 0;        ///< With what it waits for.
  double backward_s = 0;       ///< The same, with what is computed again.
  double communication_s = 0;  ///< Collectives inside the layer, both passes.
};

/// The layers behind a step, in the order of the workload; empty where the step is infeasible.
std::vector<LayerTiming> layer_timings(const StepInput& input);

/// `spans`, where given, receives the step as a timeline.
StepBreakdown step_time(const StepInput& input, std::vector<Span>* spans = nullptr);

}  // namespace spotmix::models
