// How far apart two names are, for the nearest valid one in messages.
#pragma once

#include <string_view>

namespace spotmix {

/// Edits (insert, delete, replace, swap neighbours; case does not count) between two names: the optimal
/// string alignment distance. Only the first 100 characters are compared.
int edit_distance(std::string_view a, std::string_view b);

}  // namespace spotmix
