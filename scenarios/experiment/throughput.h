// How fast a mix trains: a rate given in the scenario, or the model's step time on the mix's cluster.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/build.h"
#include "scenarios/experiment/amount.h"
#include "scenarios/experiment/cluster.h"
#include "scenarios/experiment/mix_types.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct Provider;

/// Either how a mix trains, or why there is no such training (infeasible_reason), or problems of the
/// scenario.
struct Throughput {
  MixDetails details;
  std::string error_stream;              ///< Names what shares the draw of the step error.
  std::optional<TrainingAmount> amount;  ///< Nothing where the scenario does not say enough.
  std::optional<std::string> infeasible_reason;
  Problems problems;
  Problems warnings;         ///< Of the file.
  Problems warnings_of_mix;  ///< Of every mix that trains so.
};

/// Of one instance to those elsewhere; what is unknown is as between zones of one region.
struct Distance {
  std::optional<double> bytes_per_s;
  std::optional<double> latency_s;  ///< one way
};

/// Answers for the mixes of one scenario; equal clusters are computed once. `scenario` and `provider` must
/// outlive it.
class ThroughputModel {
 public:
  ThroughputModel(const Scenario& scenario, const Provider& provider)
      : scenario_(scenario), provider_(provider) {}

  Throughput of(const MixSpec& mix, const std::string& mix_path);

  /// The same of some of the instances that a mix of these types may run on, each in a group of its own;
  /// `share` of the scenario's batch is trained in each step. Without a model, rates of other clusters tell
  /// (given_rates.h).
  Throughput of_composition(const MixSpec& composition, const std::string& mix_path,
                            const std::vector<TypeOfMix>& types, double share);

  /// Warnings of measured collectives in the scenario's kernel profiles that no cluster asked for so far can
  /// use, with the reason; of all profiles if no step was computed.
  Problems unused_measurements() const;

  /// The speed of the mix's steps in two places that are so far apart, relative to one zone, divided over the
  /// devices as in one; unknown where no step can be computed. `details` are the mix's.
  std::optional<double> speed_apart(const MixSpec& mix, const MixDetails& details, const Distance& distance);

  /// The computed rates of a mix of one instance type at other sizes: of this many instances of that type.
  /// Sizes at which the model cannot train are left out.
  std::map<int, double> samples_per_s_of_sizes(const MixSpec& mix, const std::vector<int>& sizes);

 private:
  /// Clusters of different instances may have the same rate.
  enum class Wanted : std::uint8_t { all, rate };
  Throughput computed(const MixSpec& mix, const std::string& mix_path, double share, Wanted wanted);
  std::optional<Throughput> given(const MixSpec& mix, const std::string& mix_path);
  Throughput at_given_rate(const MixSpec& mix, const std::string& mix_path, double samples_per_s,
                           std::string source, std::optional<double> error);

  const Scenario& scenario_;
  const Provider& provider_;
  std::map<std::string, Throughput> known_;  ///< By all of a cluster that matters.
  std::map<std::string, std::optional<double>> known_rates_;
};

}  // namespace spotmix::scenarios
