// Figures whose last bits differ between machines are cut to the digits that do not.
#include "base/units/digits.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace spotmix;

TEST_CASE("A figure keeps the digits that it is cut to and no others") {
  CHECK(to_digits(2.0 / 3) == 0.666666666667);
  CHECK(to_digits(123456.5, 6) == 123456);  // halfway: to the even digit
  CHECK(to_digits(-1e-300 / 3) == -3.33333333333e-301);
  CHECK(to_digits(0) == 0);
}

TEST_CASE("Neighbouring numbers become one") {
  for (const double value : {0.1, 3.7e5, 1.23456789e-9}) {
    CHECK(to_digits(std::nextafter(value, 1e9)) == to_digits(value));
    CHECK(to_digits(std::nextafter(value, -1e9)) == to_digits(value));
  }
}

TEST_CASE("What is not finite stays as it is") {
  CHECK(std::isnan(to_digits(std::nan(""))));
  CHECK(to_digits(std::numeric_limits<double>::infinity()) == std::numeric_limits<double>::infinity());
}
