#include "reports/packed/packed.h"

#include <limits>
#include <random>

#include <catch2/catch.hpp>

using namespace spotmix::reports;

TEST_CASE("Packed columns of any length and any numbers come back") {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0UL, 1UL, 2UL, 3UL, 7UL, 100UL, 10'000UL}) {
    std::vector<std::int64_t> column(size);
    for (std::int64_t& value : column) value = static_cast<std::int64_t>(random());
    CHECK(unpacked(packed(column), size) == column);
    for (std::int64_t& value : column) value %= 1000;
    CHECK(unpacked(packed(column), size) == column);
  }
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<std::int64_t> extremes{Limits::min(), Limits::max(), 0, -1, Limits::max(), Limits::min()};
  CHECK(unpacked(packed(extremes), extremes.size()) == extremes);
}

TEST_CASE("A column has as many bytes of each number as its largest step needs and one of zeros has none") {
  CHECK(packed({0, 0, 0}) == packed({}));
  CHECK(unpacked(packed({0, 0, 0}), 3) == std::vector<std::int64_t>{0, 0, 0});
  std::vector<std::int64_t> noise(1000);
  std::mt19937_64 random(2);
  for (std::int64_t& value : noise) value = static_cast<std::int64_t>(random() % 64);
  CHECK(packed(noise).size() < 1400);
}

TEST_CASE("Columns of earlier versions with all eight bytes of each number are read") {
  // {1, 2, 3} as version 0.1.0 wrote it.
  CHECK(unpacked("eJxjYmJiwAYAAKIABw==", 3) == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("a steady column takes little room") {
  std::vector<std::int64_t> times;
  for (std::int64_t i = 0; i < 100'000; ++i) times.push_back(1'676'499'000'000'000'000 + i * 300'000'000'000);
  CHECK(packed(times).size() < 3000);
}

TEST_CASE("a text that is no packed column of that length is refused") {
  const std::string good = packed({1, 2, 3});
  CHECK_THROWS_AS(unpacked(good, 2), BadColumn);
  CHECK_THROWS_AS(unpacked(good, 4), BadColumn);
  CHECK_THROWS_AS(unpacked("", 1), BadColumn);
  CHECK_THROWS_AS(unpacked("<script>", 1), BadColumn);
  CHECK_THROWS_AS(unpacked("AAAA", 1), BadColumn);
  for (const std::vector<std::int64_t>& column :
       {std::vector<std::int64_t>{1, 2, 3}, {0}, {-1}, {1 << 20, 7}}) {
    const std::string text = packed(column);
    CHECK(unpacked(text, column.size()) == column);
    for (std::size_t cut = 4; cut <= text.size(); cut += 4) {
      CHECK_THROWS_AS(unpacked(text.substr(0, text.size() - cut), column.size()), BadColumn);
    }
  }
}
