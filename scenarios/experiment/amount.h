// How much a scenario trains: given, summed over phases, or what reaching a target takes at a global batch.
#pragma once

#include <optional>
#include <string>

#include "models/provenance/source.h"
#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct TrainingAmount {
  double samples = 0;
  double spread = 0;                       ///< Standard deviation of one run's amount over its mean.
  std::optional<models::Source> source{};  ///< Of a target's amount.
  std::string warning{};  ///< The batch lies outside the points of the curve; empty where it does not.
};

/// Samples of `amount` with steps of `global_batch`; nothing where the scenario does not say enough.
std::optional<double> samples_of(const AmountSpec& amount, const WorkloadSpec& spec,
                                 std::optional<double> global_batch);

/// Of the whole job, with steps of `global_batch` where it has one batch; phases are summed by whoever knows
/// their batches. Nothing where the scenario does not say enough.
std::optional<TrainingAmount> amount_of(const WorkloadSpec& spec, std::optional<double> global_batch);

/// Sets how many tokens a sample has if the amount is given in tokens; the problem if it has none.
[[nodiscard]] std::optional<Problem> count_tokens(Scenario& scenario);

/// Why the target cannot be looked up, with the key below workload.target; nothing where it can.
struct TargetProblem {
  std::string key;
  std::string message;
};
std::optional<TargetProblem> target_problem(const WorkloadSpec& spec);

}  // namespace spotmix::scenarios
