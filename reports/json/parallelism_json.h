// A parallelism in JSON, in the keys of a scenario's `parallelism`. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json/node.h"
#include "reports/results/parallelism.h"

namespace spotmix::reports {

/// What does not apply is null.
nlohmann::ordered_json parallelism_json(const ParallelismFigures& p);

/// Throws BadDocument where the object is not one that parallelism_json makes.
ParallelismFigures read_parallelism(const Node& node);

}  // namespace spotmix::reports
