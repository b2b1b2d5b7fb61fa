#include "base/text/quantities.h"

#include <catch2/catch.hpp>

#include "base/text/exact.h"
#include "base/text/text_values.h"
#include "base/text/width.h"

using namespace spotmix;

TEST_CASE("money reads as dollars and cents with thousands separated") {
  CHECK(money_text(1234.56) == "$1,234.56");
  CHECK(money_text(0) == "$0.00");
  CHECK(money_text(999.999) == "$1,000.00");
  CHECK(money_text(1e9) == "$1,000,000,000.00");
  CHECK(money_text(-12.5) == "-$12.50");
  CHECK(money_text(0.0042) == "$0.0042");
}

TEST_CASE("A duration reads in its two largest units and in hours at most") {
  CHECK(duration_text(3 * 3600 + 12 * 60) == "3 h 12 min");
  CHECK(duration_text(59.96) == "1 min 0 s");
  CHECK(duration_text(3599.6) == "1 h 0 min");
  CHECK(duration_text(5.3) == "5.3 s");
  CHECK(duration_text(0.12) == "120 ms");
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(1234.0 * 3600) == "1,234 h 0 min");
}

TEST_CASE("Only certainty reads as 100 % and only impossibility as 0 %") {
  CHECK(percent_text(1) == "100 %");
  CHECK(percent_text(0.99999) == "99.9 %");
  CHECK(percent_text(0.00001) == "<0.1 %");
  CHECK(percent_text(0.00049) == "<0.1 %");
  CHECK(percent_text(0.0006) == "0.1 %");
  CHECK(percent_text(0) == "0 %");
  CHECK(percent_text(0.973) == "97.3 %");
}

TEST_CASE("A range is one text in one unit and a value where its ends read the same") {
  CHECK(money_range_text(37.68, 41.78) == "$37.68–$41.78");
  CHECK(money_range_text(52'900.4, 112'520) == "$52,900–$112,520");
  CHECK(money_range_text(999.5, 1000) == "$999.50–$1,000.00");
  CHECK(money_range_text(2, 2.001) == "$2.00");
  CHECK(duration_range_text(41 * 3600 + 8 * 60, 47 * 3600 + 38 * 60) == "41.1–47.6 h");
  CHECK(duration_range_text(200 * 3600, 90 * 60) == "200.0–1.5 h");
  CHECK(duration_range_text(30, 90) == "0.5–1.5 min");
  CHECK(duration_range_text(0, 0.002) == "0.0–2.0 ms");
  CHECK(duration_range_text(7200, 7201) == "2.0 h");
  CHECK(percent_range_text(0.369, 0.43) == "36.9–43.0 %");
  CHECK(percent_range_text(0.996, 1) == "99.6–100 %");
  CHECK(percent_range_text(1, 1) == "100 %");
}

TEST_CASE("times and amounts print as exactly the integers they are") {
  CHECK(exact_seconds(Duration{12'500'000'000}) == "12.5");
  CHECK(exact_seconds(Duration{-1}) == "-0.000000001");
  CHECK(exact_usd(Money{1'234'500'000'001}) == "1234.500000001");
  CHECK(exact_usd(Money{0}) == "0");
  CHECK(exact_usd(Money{std::numeric_limits<std::int64_t>::min()}) == "-9223372036.854775808");
}

TEST_CASE("A moment before or after 1970 prints as UTC") {
  CHECK(format_time(Time{seconds{1676498896}}) == "2023-02-15T22:08:16Z");
  CHECK(format_time(time_at(1'500'000'000)) == "1970-01-01T00:00:01.5Z");
  CHECK(format_time(time_at(-1)) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("names are made harmless before they reach a terminal") {
  CHECK(safe_text("a\x1b[31mb\nc") == "a\uFFFD[31mb\uFFFDc");
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape
  CHECK(safe_text("\u202Eevil") == "\uFFFDevil");
  CHECK(safe_text("\xff ok \xe2\x82") == "\uFFFD ok \uFFFD\uFFFD");
  CHECK(safe_text("größe 数") == "größe 数");
}

TEST_CASE("Text is measured and shortened in columns instead of bytes") {
  CHECK(display_width("größe") == 5);
  CHECK(display_width("数") == 2);
  CHECK(display_width("e\u0301") == 1);
  CHECK(shortened("spot across zones in us-east-1", 12) == "spot a…ast-1");
  CHECK(shortened("数数数数", 5) == "数…数");
  CHECK(shortened("short", 5) == "short");
  CHECK(padded_left("ö", 3) == "  ö");
  CHECK(wrapped("one two three", 8, 2) == "one two\n  three");
}
