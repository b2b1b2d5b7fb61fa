// Times and money in the units of the page: seconds and US dollars. For the .cpp files of this folder.
#pragma once

#include <cstdint>

namespace spotmix::reports {

inline constexpr double kSecondsPerTick = 1e-9;
inline constexpr double kUsdPerNano = 1e-9;
/// As fine as anything needs that is drawn.
inline constexpr std::int64_t kMostUnits = 1 << 30;

}  // namespace spotmix::reports
