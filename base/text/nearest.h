// Valid names in error messages: the nearest one, and all of them in quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spotmix {

/// The nearest of `names`: the first that `name` begins ("t5", "mixtral"), else the one that `name` is up to
/// a hyphen ("resnet50-v1.5"), else the one that takes the fewest edits, the first of them on a tie. Empty
/// when none is near enough to be what was meant. By edits, a name with
/// other numbers is not suggested: a p2 is not what was meant by p6. Digits may be swapped, missing or one
/// too many ("p3.61xlarge").
std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names);

/// `; did you mean "NEAREST"?`, or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

/// So many names of a list are shown, unless all of them matter.
inline constexpr std::size_t kMostListed = 14;

/// `"a", "b", "c"`; a list of more than `most` is cut short and says how many there are.
std::string list_of(const std::vector<std::string>& names, std::size_t most = kMostListed);

/// `one of "a", "b", "c"`, or only `"a"` where there is one.
std::string one_of(const std::vector<std::string>& names, std::size_t most = kMostListed);

/// The text in quotes, cut to a length that fits a line.
std::string in_quotes(std::string_view text);

}  // namespace spotmix
