// Which training software has figures that somebody fitted or measured.
#pragma once

#include <string_view>

namespace spotmix::models {

/// If some figures of the software that messages call `name`, or of one that it is based on, were fitted on
/// training runs or measured in them; all others are assumed.
bool has_fitted_figures(std::string_view name);

}  // namespace spotmix::models
