#include "reports/packed/packed.h"

#include <fmt/format.h>

#include "base/files/compression.h"
#include "base/text/base64.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kMostPlanes = 8;

/// At most one byte more than `limit`, so that a small text cannot fill the memory.
std::string bytes_of(std::string_view text, std::size_t limit) {
  const std::optional<std::string> compressed = bytes_of_base64(text);
  if (!compressed) throw BadColumn("found a text that is no base64, expected a packed column");
  std::optional<std::string> bytes = inflate(*compressed, limit + 1);
  if (!bytes) throw BadColumn("found a damaged packed column");
  return std::move(*bytes);
}

std::uint64_t zigzag(std::uint64_t step) {
  return step << 1 ^ (0 - (step >> 63));
}

std::uint64_t from_zigzag(std::uint64_t value) {
  return value >> 1 ^ (0 - (value & 1));
}

}  // namespace

std::string packed(const std::vector<std::int64_t>& column) {
  std::vector<std::uint64_t> steps;
  steps.reserve(column.size());
  std::uint64_t before = 0;
  std::uint64_t used = 0;
  for (const std::int64_t number : column) {
    // Unsigned, so that a difference that does not fit wraps around and back.
    const auto value = static_cast<std::uint64_t>(number);
    steps.push_back(zigzag(value - before));
    used |= steps.back();
    before = value;
  }
  std::string bytes;
  for (std::size_t shift = 0; used >> shift != 0; shift += 8) {
    for (const std::uint64_t step : steps) bytes.push_back(static_cast<char>(step >> shift & 0xff));
    if (shift == 8 * (kMostPlanes - 1)) break;
  }
  return base64(deflate(bytes));
}

std::vector<std::int64_t> unpacked(std::string_view text, std::size_t size) {
  const std::string bytes = bytes_of(text, size * kMostPlanes);
  const std::size_t planes = size == 0 ? 0 : bytes.size() / size;
  if (bytes.size() != size * planes || planes > kMostPlanes) {
    throw BadColumn(fmt::format("found a packed column of another length, expected {} numbers", size));
  }
  std::vector<std::int64_t> column(size);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < size; ++i) {
    std::uint64_t step = 0;
    for (std::size_t k = 0; k < planes; ++k) {
      step |= std::uint64_t{static_cast<unsigned char>(bytes[k * size + i])} << (8 * k);
    }
    before += from_zigzag(step);
    column[i] = static_cast<std::int64_t>(before);
  }
  return column;
}

}  // namespace spotmix::reports
