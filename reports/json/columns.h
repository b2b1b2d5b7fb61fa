// Packed columns and fingerprints in a JSON document. For the .cpp files of reports.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json/node.h"

namespace spotmix::reports {

/// The numbers of a packed column (reports/packed/packed.h); throws BadDocument if there are not `size` of
/// them.
std::vector<std::int64_t> column_of(const Node& node, std::size_t size);

/// A number of 16 hexadecimal digits; throws BadDocument.
std::uint64_t hex_of(const Node& node);

}  // namespace spotmix::reports
