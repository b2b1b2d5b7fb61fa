#include "base/text/text_values.h"

#include <random>

#include <catch2/catch.hpp>

using namespace spotmix;

TEST_CASE("A time is read as UTC in the forms that price histories use") {
  const Time time =
      std::chrono::sys_days{std::chrono::year{2021} / 2 / 9} + hours{1} + minutes{40} + seconds{10};
  CHECK(parse_time("2021-02-09T01:40:10Z") == time);
  CHECK(parse_time("2021-02-09T01:40:10+00:00") == time);
  CHECK(parse_time("2021-02-09 01:40:10") == time);
  CHECK(parse_time("2021-02-09T02:40:10+01:00") == time);
  CHECK(parse_time("2021-02-08T20:40:10-0500") == time);
  CHECK(parse_time("2021-02-09T01:40:10.002281+00:00") == time + std::chrono::microseconds{2281});
  CHECK(parse_time("1970-01-01") == Time{});
}

TEST_CASE("what is no time is not read as one") {
  for (const char* text :
       {"", "now", "2021", "2021-13-01", "2021-02-30", "2021-02-09T", "2021-02-09T25:00:00Z",
        "2021-02-09T01:60:00Z", "2021-02-09T01:40:10.Z", "2021-02-09T01:40:10+99:00", "2021-02-09x",
        "1815-12-10", "2021-02-09T01:40:10Z ", "2021-2-9", "2021-02-09T01:40:10.0123456789Z"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("a time that is written is read back the same") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const Time time = time_at(static_cast<std::int64_t>(random() % 7'000'000'000'000'000'000ull));
    CHECK(parse_time(format_time(time)) == time);
  }
  CHECK(format_time(*parse_time("2023-02-15 22:08:16")) == "2023-02-15T22:08:16Z");
  CHECK(format_date(*parse_time("2023-02-15 22:08:16")) == "2023-02-15");
}

TEST_CASE("a price is read to the nano-dollar") {
  CHECK(parse_price("0.043700")->nano_usd_per_h == 43'700'000);
  CHECK(parse_price("24.48")->nano_usd_per_h == 24'480'000'000);
  CHECK(parse_price("3")->nano_usd_per_h == 3'000'000'000);
  CHECK(parse_price("69.910115776")->nano_usd_per_h == 69'910'115'776);
  CHECK(parse_price("0.0000000005")->nano_usd_per_h == 1);
  CHECK(parse_price("0.0000000004")->nano_usd_per_h == 0);
}

TEST_CASE("what is no price is not read as one") {
  for (const char* text :
       {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "0x10", "1.2.3", " 1", "1 ", "nan", "9999999"}) {
    INFO(text);
    CHECK_FALSE(parse_price(text));
  }
}

TEST_CASE("a price that is written is read back the same") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    const HourlyPrice price{static_cast<std::int64_t>(random() % 100'000'000'000ull)};
    CHECK(parse_price(format_price(price)) == price);
  }
  CHECK(format_price({918'000'000}) == "0.918");
  CHECK(format_price({0}) == "0");
}
