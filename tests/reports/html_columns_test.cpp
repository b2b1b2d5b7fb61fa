#include <cmath>
#include <cstring>

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include "reports/html/columns.h"

using spotmix::reports::Columns;

namespace {

std::string unpacked(const Columns& columns) {
  namespace io = boost::iostreams;
  const std::string text = columns.base64();
  std::string packed(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(packed.data()),
                  reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  std::string bytes;
  io::filtering_istream in;
  in.push(io::zlib_decompressor());
  in.push(io::array_source(packed.data(), packed.size()));
  io::copy(in, io::back_inserter(bytes));
  return bytes;
}

std::vector<std::uint32_t> words_of(const std::string& bytes, const Columns::Json& column) {
  const std::size_t at = column["at"];
  const std::size_t n = column["n"];
  std::vector<std::uint32_t> words(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t plane = 0; plane < 4; ++plane) {
      words[i] |= std::uint32_t{static_cast<unsigned char>(bytes.at(at + plane * n + i))} << (8 * plane);
    }
  }
  return words;
}

/// What the page makes of a column of integers.
std::vector<double> integers_of(const Columns& columns, const Columns::Json& column) {
  std::vector<double> values;
  std::int64_t sum = 0;
  for (const std::uint32_t word : words_of(unpacked(columns), column)) {
    sum += static_cast<std::int64_t>(word >> 1) ^ -static_cast<std::int64_t>(word & 1);
    values.push_back(column["origin"].get<double>() +
                     column["unit"].get<double>() * static_cast<double>(sum));
  }
  return values;
}

}  // namespace

TEST_CASE("integers that are multiples of a unit come back exactly, forwards and backwards") {
  Columns columns;
  const auto column = columns.integers({5'000, 5'000, 2'000, 1'000'002'000, -7'000}, 0.5, 1 << 30);
  CHECK(integers_of(columns, column) == std::vector<double>{2'500, 2'500, 1'000, 500'001'000, -3'500});
  CHECK(column["unit"] == 500);
}

TEST_CASE(
    "integers of too wide a range are rounded to the nearest of the units that are allowed, without drift") {
  Columns columns;
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 1'000; ++i) values.push_back(i * 1'000'003 % 65'537'001);
  const auto column = columns.integers(values, 1, 1 << 10);
  const double unit = column["unit"];
  CHECK(unit >= 63'000);
  CHECK(unit <= 65'000);
  const std::vector<double> read = integers_of(columns, column);
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(std::abs(read[i] - static_cast<double>(values[i])) <= unit / 2);
  }
}

TEST_CASE("columns stand one after the other; floats keep their bits, unknown ones too") {
  Columns columns;
  const auto first = columns.integers({1, 2, 3}, 1, 1 << 30);
  const auto second = columns.floats({1.5F, std::nanf("")});
  CHECK(second["at"] == 12);
  CHECK(integers_of(columns, first) == std::vector<double>{1, 2, 3});
  const std::vector<std::uint32_t> words = words_of(unpacked(columns), second);
  float value = 0;
  std::memcpy(&value, words.data(), sizeof value);
  CHECK(value == 1.5F);
  std::memcpy(&value, words.data() + 1, sizeof value);
  CHECK(std::isnan(value));
}

TEST_CASE("a column without values, and no columns at all, are still readable") {
  Columns columns;
  CHECK(unpacked(columns).empty());
  CHECK(columns.integers({}, 1, 1 << 30)["n"] == 0);
  CHECK(unpacked(columns).empty());
}
