#include "reports/html/columns.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <openssl/evp.h>

namespace spotmix::reports {
namespace {

std::string deflated(const std::string& bytes) {
  namespace io = boost::iostreams;
  std::string packed;
  {
    io::filtering_ostream packer;
    packer.push(io::zlib_compressor());
    packer.push(io::back_inserter(packed));
    packer.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  return packed;
}

std::uint32_t zigzag(std::int64_t step) {
  return static_cast<std::uint32_t>(step << 1 ^ step >> 63);
}

/// The largest unit that all distances from the first value are multiples of; 1 where they are all zero.
std::int64_t common_unit(const std::vector<std::int64_t>& values) {
  std::int64_t unit = 0;
  for (const std::int64_t value : values) {
    unit = std::gcd(unit, value - values.front());
    if (unit == 1) break;
  }
  return std::max<std::int64_t>(unit, 1);
}

}  // namespace

Columns::Json Columns::add(const char* kind, const std::vector<std::uint32_t>& words) {
  const Json column = {{"kind", kind}, {"at", bytes_.size()}, {"n", words.size()}};
  bytes_.reserve(bytes_.size() + 4 * words.size());
  for (int shift = 0; shift < 32; shift += 8) {
    for (const std::uint32_t word : words) bytes_.push_back(static_cast<char>(word >> shift & 0xff));
  }
  return column;
}

Columns::Json Columns::floats(const std::vector<float>& values) {
  std::vector<std::uint32_t> words;
  words.reserve(values.size());
  for (const float value : values) words.push_back(std::bit_cast<std::uint32_t>(value));
  return add("floats", words);
}

Columns::Json Columns::integers(const std::vector<std::int64_t>& values, double scale,
                                std::int64_t most_units) {
  if (values.empty()) return add("integers", {});
  const std::int64_t origin = values.front();
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const std::int64_t coarse = (*most - *least + most_units - 1) / most_units;
  const std::int64_t exact = common_unit(values);
  const std::int64_t unit = std::max(exact, coarse);
  std::vector<std::uint32_t> words;
  words.reserve(values.size());
  std::int64_t before = 0;
  for (const std::int64_t value : values) {
    const std::int64_t distance = value - origin;
    const std::int64_t half = distance < 0 ? -unit / 2 : unit / 2;
    const std::int64_t now = exact == unit ? distance / unit : (distance + half) / unit;
    words.push_back(zigzag(now - before));
    before = now;
  }
  Json column = add("integers", words);
  column["origin"] = static_cast<double>(origin) * scale;
  column["unit"] = static_cast<double>(unit) * scale;
  return column;
}

std::string Columns::base64() const {
  const std::string packed = deflated(bytes_);
  std::string text((packed.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(packed.data()), static_cast<int>(packed.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

}  // namespace spotmix::reports
