// The `sources` array, which result and explanation share. For the .cpp files of this folder.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/provenance/source.h"

namespace spotmix::reports {

nlohmann::ordered_json sources_json(const std::vector<models::Source>& sources);

}  // namespace spotmix::reports
