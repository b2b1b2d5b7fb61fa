// How far times that were carried over from one device to another are off.
#pragma once

#include <optional>
#include <string_view>

namespace spotmix::models {

/// Median |error|, a fraction, of one device's matrix products predicted from another's samples: the upper
/// end of what was seen between devices of such a kind in one precision (docs/fitted_constants.md). nullopt
/// where nothing of the kind was seen: host processors, generations further apart, devices that are not
/// listed, one device from itself.
std::optional<double> scaling_error(std::string_view from, std::string_view to);

}  // namespace spotmix::models
