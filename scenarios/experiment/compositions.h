// Which instances a mix of several types may run on, and how it trains on each such composition.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "scenarios/build.h"
#include "scenarios/experiment/mix_types.h"
#include "scenarios/experiment/recovery.h"
#include "scenarios/experiment/surroundings.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/scenario.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

/// The compositions of a mix that depends on them, as counts beside its types (mix_types.h).
class MixCompositions {
 public:
  /// Refers to what it is made of but `groups`, which are the simulator's, with their types. Absurdly many
  /// compositions are a problem.
  MixCompositions(const Scenario& scenario, const MixSpec& spec, const std::vector<sim::Group>& groups,
                  ThroughputModel& throughput, Problems& problems);

  /// How the mix trains on the instances that its groups list first or, if it cannot, on the first
  /// composition that can; what the mix's work is stated for. Infeasible if there is none.
  Throughput reference();

  struct Table {
    sim::Compositions compositions;
    Surroundings busiest;  ///< Of the composition with the most traffic.
    std::string rates;     ///< "p4d.24xlarge 1250/s, g5.xlarge 65/s".
    Problems warnings;     ///< Of the file.
    Problems warnings_of_mix;
  };

  /// Sets the mix's prices of traffic, which are those of the composition with the most. `assembled` and
  /// `reference` are the mix's.
  Table table(const AssembledMix& assembled, const Throughput& reference, sim::SurroundingCosts& costs);

 private:
  using Counts = std::vector<int>;
  /// And whether all groups have what they ask for.
  using CompleteByCounts = std::map<Counts, bool>;

  struct Figures {
    double speed = 0;
    double samples_per_s = 0;
    sim::CheckpointTimes times;
    sim::StepErrorSpec step_error;
    Surroundings surroundings;
  };

  void enumerate(const std::vector<sim::Group>& groups);
  void refuse();
  MixSpec instances_of(const Counts& counts) const;
  double share_of_batch(const Counts& counts) const;
  Throughput throughput_on(const Counts& counts);
  std::optional<Figures> figures_on(const Counts& counts, const AssembledMix& assembled,
                                    const Throughput& reference, Table& table);
  std::string in_words(const std::map<Counts, double>& rates) const;

  const Scenario& scenario_;
  const MixSpec& spec_;
  ThroughputModel& throughput_;
  Problems& problems_;
  std::vector<TypeOfMix> types_;
  CompleteByCounts candidates_;
  int units_ = 0;
};

}  // namespace spotmix::scenarios
