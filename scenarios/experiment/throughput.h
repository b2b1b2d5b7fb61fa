// How fast a mix trains: a rate given in the scenario, or the model's step time on the mix's cluster.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/workload/workload.h"
#include "scenarios/build.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

/// Either samples_per_s, or why there is no such training (infeasible_reason), or a problem of the scenario.
struct Throughput {
  MixDetails details;
  std::optional<std::string> infeasible_reason;
  std::optional<Problem> problem;
};

/// The workload that the scenario names, with its sizes; nullopt when it names none (or none that is known).
std::optional<models::Workload> named_workload(const WorkloadSpec& spec);

/// Momentum for images, Adam for the rest, unless the scenario says.
models::Optimizer optimizer_of(const WorkloadSpec& spec, const models::Workload& workload);

/// Instances by type; a group of several types counts as instances of its first.
ClusterShape shape_of(const MixSpec& mix);

Throughput throughput_of(const Scenario& scenario, const MixSpec& mix, const std::string& mix_path);

/// The speed of a mix's step in two zones relative to one; unknown where the step cannot be computed.
struct CrossZoneSpeed {
  std::optional<double> relative;
};
CrossZoneSpeed cross_zone_speed_of(const Scenario& scenario, const MixSpec& mix);

/// The computed rates of a mix of one instance type at other sizes: of so many instances of that type. A
/// batch that does not divide over them takes as long as the next larger one that does. Sizes at which the
/// model cannot train are left out.
std::map<int, double> samples_per_s_of_sizes(const Scenario& scenario, const MixSpec& mix,
                                             const std::vector<int>& sizes);

/// Samples that the job trains in all; nullopt where the scenario does not say enough.
std::optional<double> samples_to_train(const WorkloadSpec& spec);

}  // namespace spotmix::scenarios
