#include <cmath>

#include <catch2/catch.hpp>

#include "reports/html/column.h"
#include "reports/html/step_series.h"
#include "reports/packed/packed.h"

using namespace spotmix;
using namespace spotmix::reports;

namespace {

/// What the page makes of a column.
std::vector<double> numbers_of(const nlohmann::ordered_json& column) {
  std::vector<double> numbers;
  for (const std::int64_t count : unpacked(column["packed"].get<std::string>(), column["n"])) {
    numbers.push_back(column["origin"].get<double>() +
                      column["unit"].get<double>() * static_cast<double>(count));
  }
  return numbers;
}

/// A value at each second, as many as there are.
StepSeries each_second(std::vector<std::int64_t> values) {
  StepSeries series{{}, std::move(values), {}};
  for (std::size_t i = 0; i < series.value.size(); ++i) series.at.emplace_back(seconds{i});
  series.end = Time{seconds{series.value.size()}};
  return series;
}

}  // namespace

TEST_CASE("Multiples of a unit come back exactly forwards and backwards") {
  const auto column = column_json({5'000, 5'000, 2'000, 1'000'002'000, -7'000}, 0.5, 1 << 30);
  CHECK(numbers_of(column) == std::vector<double>{2'500, 2'500, 1'000, 500'001'000, -3'500});
  CHECK(column["unit"] == 500);
}

TEST_CASE(
    "Numbers of too wide a range are rounded to the nearest of the units that are allowed without drift") {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 1'000; ++i) values.push_back(i * 1'000'003 % 65'537'001);
  const auto column = column_json(values, 1, 1 << 10);
  const double unit = column["unit"];
  CHECK(unit >= 63'000);
  CHECK(unit <= 65'000);
  const std::vector<double> read = numbers_of(column);
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(std::abs(read[i] - static_cast<double>(values[i])) <= unit / 2);
  }
}

TEST_CASE("a column without numbers is still readable") {
  CHECK(numbers_of(column_json({}, 1, 1 << 30)).empty());
}

TEST_CASE("An overview has few of many points and every spike and the first and the last") {
  std::vector<std::int64_t> values(100'000, 10);
  values[12'345] = 99;
  values[54'321] = -7;
  values.back() = 11;
  const StepSeries whole = each_second(values);
  const StepSeries part = overview(whole, 500);
  CHECK(part.at.size() <= 2 * 500 + 2);
  CHECK(part.end == whole.end);
  CHECK(part.at.front() == whole.at.front());
  CHECK(part.at.back() == whole.at.back());
  CHECK(part.value.back() == 11);
  for (const std::size_t spike : {12'345UL, 54'321UL}) {
    const auto found = std::find(part.at.begin(), part.at.end(), whole.at[spike]);
    REQUIRE(found != part.at.end());
    CHECK(part.value[static_cast<std::size_t>(found - part.at.begin())] == whole.value[spike]);
  }
  CHECK(std::is_sorted(part.at.begin(), part.at.end(), std::less_equal<>()));
}

TEST_CASE("an overview of a short series is the series") {
  const StepSeries whole = each_second({1, 2, 3, 4});
  CHECK(overview(whole, 2).value == whole.value);
}

TEST_CASE("figures of a series are weighted by time") {
  StepSeries series{{Time{}, Time{hours{1}}, Time{hours{4}}}, {8, 0, 2}, Time{hours{8}}};
  const StepSummary summary = summary_of(series);
  CHECK(summary.least == 0);
  CHECK(summary.most == 8);
  CHECK(summary.mean == 2);
  CHECK(summary.positive == 0.625);
  CHECK(summary.changes == 2);
  series = {{Time{hours{5}}}, {3}, Time{hours{5}}};
  CHECK(summary_of(series).mean == 3);
  CHECK(summary_of(series).positive == 1);
}
