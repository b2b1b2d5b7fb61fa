// Valid names in error messages: the nearest one, and all of them in quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spotmix {

/// The nearest of `names`: the first that `name` begins ("t5", "mixtral"), else the one that `name` is up to
/// a hyphen ("resnet50-v1.5"), else the one that takes the fewest edits, the first of them on a tie. Empty
/// when none is near enough to be what was meant.
std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names);

/// `; did you mean "NEAREST"?`, or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

/// `"a", "b", "c"`; a long list is cut short and says how many there are.
std::string list_of(const std::vector<std::string>& names);

/// `one of "a", "b", "c"`, or only `"a"` where there is one.
std::string one_of(const std::vector<std::string>& names);

/// The text in quotes, cut to a length that fits a line.
std::string in_quotes(std::string_view text);

}  // namespace spotmix
