// The part of a result file that no figure tells: the replications, the replayed timeline and bill, prices
// and capacity, the scenario and how to reproduce it, all exact and packed (reports/packed). For the .cpp
// files of this floor.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json/node.h"
#include "reports/results/report.h"

namespace spotmix::reports {

nlohmann::ordered_json kept_json(const Report& report);

/// Null if it is not known.
nlohmann::ordered_json reproduction_json(const std::optional<Reproduction>& reproduction);

/// Fills what kept_json() wrote into a report that has its mixes already; throws BadDocument.
void read_kept(const Node& node, Report& report);

}  // namespace spotmix::reports
