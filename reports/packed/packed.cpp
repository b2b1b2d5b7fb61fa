#include "reports/packed/packed.h"

#include <algorithm>
#include <cctype>

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/binary_from_base64.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fmt/format.h>

namespace spotmix::reports {
namespace {

namespace io = boost::iostreams;
namespace base = boost::archive::iterators;

constexpr std::size_t kMostPlanes = 8;

std::string base64(const std::string& bytes) {
  using Encode = base::base64_from_binary<base::transform_width<std::string::const_iterator, 6, 8>>;
  std::string text(Encode(bytes.begin()), Encode(bytes.end()));
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string bytes_of_base64(std::string_view text) {
  using Decode = base::transform_width<base::binary_from_base64<std::string_view::const_iterator>, 8, 6>;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);
  const bool good = text.size() % 4 == 0 && std::all_of(digits.begin(), digits.end(), [](char c) {
                      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
                    });
  if (!good) throw BadColumn("found a text that is no base64, expected a packed column");
  const std::size_t size = digits.size() * 6 / 8;
  std::string bytes;
  bytes.reserve(size);
  auto next = Decode(digits.begin());
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(*next++);
  return bytes;
}

std::string deflated(const std::string& bytes) {
  std::string result;
  io::filtering_ostream packer;
  packer.push(io::zlib_compressor());
  packer.push(io::back_inserter(result));
  packer.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  packer.reset();
  return result;
}

/// At most `limit` + 1 bytes, so that a small text cannot fill the memory.
std::string inflated(const std::string& bytes, std::size_t limit) {
  std::string result(limit + 1, '\0');
  try {
    io::filtering_istream unpacker;
    unpacker.push(io::zlib_decompressor());
    unpacker.push(io::array_source(bytes.data(), bytes.size()));
    unpacker.exceptions(std::ios::badbit);
    unpacker.read(result.data(), static_cast<std::streamsize>(result.size()));
    result.resize(static_cast<std::size_t>(unpacker.gcount()));
  } catch (const std::exception&) {
    throw BadColumn("found a damaged packed column");
  }
  return result;
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
  return base64(deflated(bytes));
}

std::vector<std::int64_t> unpacked(std::string_view text, std::size_t size) {
  const std::string bytes = inflated(bytes_of_base64(text), size * kMostPlanes);
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
