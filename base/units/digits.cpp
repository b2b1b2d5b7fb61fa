#include "base/units/digits.h"

#include <array>
#include <charconv>
#include <cmath>

namespace spotmix {

double to_digits(double value, int digits) {
  if (!std::isfinite(value)) return value;
  std::array<char, 64> text{};
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1);
  double result = 0;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

}  // namespace spotmix
