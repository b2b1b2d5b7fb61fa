// The rate of a cluster that the scenario gives no rate of, from the rates that it gives of others.
//
// Every device that trains has a pace: samples per second. With equal shares a cluster trains as many times
// the slowest pace as it has devices, with proportional shares at the sum of all. Where the catalogue does
// not tell how many devices each type has, units of weight take their place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/experiment/mix_types.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct Provider;

struct RateFromOthers {
  std::optional<double> samples_per_s;
  std::string unknown_type;  ///< Whose pace nothing tells, where there is no rate.
  std::string source;
  std::optional<double> error;  ///< The largest that a rate it comes from states.
  std::vector<std::string> warnings;
};

/// A type's pace comes from clusters of it alone, between whose sizes rates are interpolated; else from
/// clusters that hold it, as if it were the slowest there; else, where the mix's types have different
/// weights, from its weight.
RateFromOthers rate_from_others(const std::vector<GivenRate>& rates, const ClusterShape& cluster,
                                const std::vector<TypeOfMix>& types, const Provider& provider,
                                bool proportional);

}  // namespace spotmix::scenarios
