// Packed columns and fingerprints in a JSON document. For the .cpp files of reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json/node.h"
#include "reports/packed/packed.h"

namespace spotmix::reports {

/// A packed column of one number of each element.
template <class Element, class Value>
std::string column(const std::vector<Element>& elements, Value value_of) {
  std::vector<std::int64_t> values;
  values.reserve(elements.size());
  for (const Element& element : elements) values.push_back(static_cast<std::int64_t>(value_of(element)));
  return packed(values);
}

/// The numbers of a packed column (reports/packed/packed.h); throws BadDocument if there are not `size` of
/// them.
std::vector<std::int64_t> column_of(const Node& node, std::size_t size);

/// A number of 16 hexadecimal digits; throws BadDocument.
std::uint64_t hex_of(const Node& node);

}  // namespace spotmix::reports
