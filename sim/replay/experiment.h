// Everything a batch of replications needs, as plain values: no files, no JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/billing/rules.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::sim {

struct StartRule {
  bool sampled = false;
  Time fixed{};     ///< used when not sampled
  Time earliest{};  ///< sampled: uniform over [earliest, latest], in whole `grid` steps from earliest
  Time latest{};
  Duration grid{seconds{1}};
};

struct Experiment {
  Market market;
  BillingRules billing;
  std::vector<Mix> mixes;
  StartRule start;
  std::optional<Duration>
      deadline;  ///< from the start; some policies need it, on_time_probability reports it
  std::optional<Money> budget;
  Duration horizon = hours{24 * 365};  ///< a replication that is not done by then is unfinished
  /// Completion is noticed only at decision points (a job that is polled); otherwise at the very moment.
  bool complete_on_decision = false;
  std::uint64_t max_events = 1'000'000'000;  ///< in one replication of one mix; more are an error
  std::uint64_t seed = 1;
  std::uint64_t replications = 1;
};

}  // namespace spotmix::sim
