// Tells scenarios from the other JSON files that lie beside them.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace spotmix::scenarios {

/// How much of a file's beginning tells.
inline constexpr std::size_t kTellingBytes = 4096;

/// What such a file is and what is done with it, in words for a message; empty where the beginning of the
/// file says nothing of the kind.
std::string_view other_file(std::string_view beginning);

/// Whether a file of a folder is to be read as a scenario: an object with "workload", "market" or "mixes", or
/// text that is not JSON, which reading it then reports.
bool may_be_scenario(const std::string& text);

/// Every text in the document, among them the names of files; empty if it is not JSON.
std::set<std::string> texts_in(const std::string& text);

}  // namespace spotmix::scenarios
