// The time of one training step of a workload on a cluster under a parallelism, and what it is made of.
//
// A step is one update of the parameters from one global batch. Times are seconds; they come from models/,
// whose sources the notes name. The breakdown is of the device that the step waits for: time = compute +
// exposed communication + bubble.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/hardware/device.h"
#include "models/parallelism/parallelism.h"
#include "models/workload/workload.h"

namespace spotmix::sim {

/// Instances of one type. Bandwidths are one direction, in bytes per second, as the links are sold.
struct InstanceGroup {
  std::string device{};  ///< A name that models::find_device knows.
  int devices_per_instance = 1;
  int instances = 1;
  double intra_bytes_per_s =
      0;  ///< Of one device to the others of its instance; not used with one device per instance.
  double inter_bytes_per_s = 0;  ///< Of one instance to the others; not used with one instance.
};

struct Cluster {
  std::vector<InstanceGroup> groups{};
  int zones =
      1;  ///< Zones that the instances are spread over; more than one lengthens the path between instances.
};

int device_count(const Cluster& cluster);

struct StepInput {
  models::Workload workload{};
  models::Precision precision = models::Precision::fp32;
  int global_batch = 0;  ///< Samples per step, over all devices.
  models::Optimizer optimizer = models::Optimizer::momentum;
  Cluster cluster{};
  /// Nothing: data parallelism over all devices.
  std::optional<models::Parallelism> parallelism{};
};

struct StepBreakdown {
  /// Why there is no such step (a device that is not known, settings that do not divide); empty if there is
  /// one. Every figure below is then meaningless.
  std::string infeasible_reason{};

  double time_s = 0;
  double compute_s = 0;        ///< Matrix products and memory-bound work, the optimizer's update included.
  double communication_s = 0;  ///< All collectives and transfers, hidden or not.
  double exposed_communication_s = 0;  ///< The part of them that nothing hides.
  double bubble_s = 0;                 ///< Waiting for other pipeline stages.
  double samples_per_s = 0;
  std::optional<double> memory_per_device_gib{};  ///< Nothing where the workload's activations are not known.
  models::Parallelism parallelism;                ///< As used, every default filled in.
  std::vector<std::string>
      sources;  ///< One line per kind of figure: measured, published or scaled, and from where.

  bool feasible() const { return infeasible_reason.empty(); }
};

StepBreakdown step_time(const StepInput& input);

}  // namespace spotmix::sim
