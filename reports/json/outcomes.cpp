#include "reports/json/outcomes.h"

#include <bit>

#include <nlohmann/json.hpp>

#include "reports/json/columns.h"

namespace spotmix::reports {

nlohmann::ordered_json packed_outcomes(const std::vector<sim::ReplicationOutcome>& outcomes) {
  using Outcome = sim::ReplicationOutcome;
  return {{"count", outcomes.size()},
          {"time_to_train_ns", column(outcomes, [](const Outcome& o) { return o.time_to_train.count(); })},
          {"cost_nano_usd", column(outcomes, [](const Outcome& o) { return o.cost.nano_usd; })},
          {"interruptions", column(outcomes, [](const Outcome& o) { return o.interruptions; })},
          {"goodput_bits",
           column(outcomes, [](const Outcome& o) { return std::bit_cast<std::uint32_t>(o.goodput); })},
          {"fingerprint", column(outcomes, [](const Outcome& o) { return o.fingerprint; })}};
}

std::vector<sim::ReplicationOutcome> unpacked_outcomes(const Node& node) {
  const std::size_t count = node.at("count").count();
  const auto times = column_of(node.at("time_to_train_ns"), count);
  const auto costs = column_of(node.at("cost_nano_usd"), count);
  const auto interruptions = column_of(node.at("interruptions"), count);
  const auto goodputs = column_of(node.at("goodput_bits"), count);
  const auto fingerprints = column_of(node.at("fingerprint"), count);
  std::vector<sim::ReplicationOutcome> outcomes(count);
  for (std::size_t i = 0; i < count; ++i) {
    outcomes[i] = {Duration{times[i]}, Money{costs[i]}, static_cast<std::uint64_t>(fingerprints[i]),
                   static_cast<std::uint32_t>(interruptions[i]),
                   std::bit_cast<float>(static_cast<std::uint32_t>(goodputs[i]))};
  }
  return outcomes;
}

}  // namespace spotmix::reports
