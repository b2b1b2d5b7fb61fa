// The replications of a mix as packed columns, in files that keep them. For the .cpp files of this floor.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json/node.h"
#include "sim/replay/outcome.h"

namespace spotmix::reports {

/// {"count", "time_to_train_ns", "cost_nano_usd", "interruptions", "goodput_bits", "fingerprint"}.
nlohmann::ordered_json packed_outcomes(const std::vector<sim::ReplicationOutcome>& outcomes);

/// Throws BadDocument.
std::vector<sim::ReplicationOutcome> unpacked_outcomes(const Node& node);

}  // namespace spotmix::reports
