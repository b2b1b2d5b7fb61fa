// What expert parallelism asks of a workload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/workload/workload.h"

namespace spotmix::models {

/// Why expert parallelism of this degree cannot divide the workload's experts; nothing if it can. Lookup
/// tables, whose rows are many, are divided among any number of ranks.
[[nodiscard]] std::optional<std::string> expert_problem(const Workload& workload, int expert);

/// The degrees of expert parallelism that divide `data` ranks and the workload, from 1 on.
std::vector<int> expert_degrees(const Workload& workload, int data);

}  // namespace spotmix::models
