#include "reports/json/columns.h"

#include <charconv>

namespace spotmix::reports {

std::vector<std::int64_t> column_of(const Node& node, std::size_t size) {
  try {
    return unpacked(node.text(), size);
  } catch (const BadColumn& error) {
    node.fail(error.what());
  }
}

std::uint64_t hex_of(const Node& node) {
  const std::string digits = node.text();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 16 || error != std::errc{} || end != digits.data() + digits.size()) {
    node.expected("16 hexadecimal digits");
  }
  return value;
}

}  // namespace spotmix::reports
