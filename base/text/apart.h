// Names cut to a width without becoming alike: what is cut is what they have in common.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace spotmix {

/// Each name in at most `width` columns, in the order given. Words that most of the names have are left out
/// first, those next to a word of its own last, then the middle is cut; where two would become alike, the
/// part that tells them apart is kept instead. Names that differ stay different as long as the width leaves
/// room for that. REQUIRES: safe texts (base/text/width.h).
std::vector<std::string> shortened_apart(const std::vector<std::string>& names, std::size_t width);

}  // namespace spotmix
