// Columns of whole numbers as short texts, exact: for files that keep every replication or every event, and
// for the page of the HTML report.
//
// The differences of neighbours, as zigzag numbers of up to 64 bits, lie byte by byte: all lowest bytes
// first, then all second ones, …, as many as the largest needs (none where all are 0). That is packed with
// Deflate (RFC 1950) and written in base64 (RFC 4648).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix::reports {

/// The text is not a packed column, or one of another length.
class BadColumn : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string packed(const std::vector<std::int64_t>& column);

/// The column that was packed; throws BadColumn when it has not exactly `size` numbers.
std::vector<std::int64_t> unpacked(std::string_view text, std::size_t size);

}  // namespace spotmix::reports
