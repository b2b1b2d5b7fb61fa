// The story and the bill of a replayed replication as packed columns. For kept_json.cpp.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json/node.h"
#include "reports/results/report.h"

namespace spotmix::reports {

nlohmann::ordered_json replay_json(const Replay& replay);

/// Throws BadDocument, also if the number of a mix or of a pool is too large.
Replay replay_of(const Node& node, std::size_t mixes, std::size_t pools);

}  // namespace spotmix::reports
