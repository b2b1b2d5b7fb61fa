// What expert parallelism asks of a workload.
#pragma once

#include <optional>
#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

/// Experts of a layer that has any; 0 where none has.
int expert_count(const Workload& workload);

/// Whether the workload looks rows up in tables.
bool has_tables(const Workload& workload);

/// Why expert parallelism of this degree cannot divide the workload's experts; nothing if it can. Lookup
/// tables, whose rows are many, are divided among any number of ranks.
std::optional<std::string> expert_problem(const Workload& workload, int expert);

}  // namespace spotmix::models
