// The valid name nearest to one that is not valid, for error messages: those of models/names.
#pragma once

#include "models/names/edit_distance.h"
#include "models/names/nearest.h"

namespace spotmix::scenarios {

using models::did_you_mean;
using models::edit_distance;
using models::in_quotes;
using models::list_of;
using models::nearest_name;
using models::one_of;

}  // namespace spotmix::scenarios
