// Files of spotmix that are no scenarios, for whoever is given one in a scenario's place.
#pragma once

#include <cstddef>
#include <string_view>

namespace spotmix::scenarios {

/// How much of a file's beginning tells.
inline constexpr std::size_t kTellingBytes = 4096;

/// What such a file is and what is done with it, in words for a message; empty where the beginning of the
/// file says nothing of the kind.
std::string_view other_file(std::string_view beginning);

}  // namespace spotmix::scenarios
