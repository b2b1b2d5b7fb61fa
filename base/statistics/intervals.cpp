#include "base/statistics/intervals.h"

#include <cassert>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

namespace spotmix {

std::array<double, 2> wilson_95(std::uint64_t successes, std::uint64_t trials) {
  assert(trials >= 1 && successes <= trials);
  constexpr double kZ = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double scale = 1 / (1 + kZ * kZ / n);
  const double center = scale * (p + kZ * kZ / (2 * n));
  const double half = scale * kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  // Exactly 0 and 1 at the ends, where rounding would leave a trace.
  return {successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half};
}

double student_quantile(double degrees, double p) {
  assert(degrees > 0);
  assert(p > 0 && p < 1);
  return boost::math::quantile(boost::math::students_t(degrees), p);
}

}  // namespace spotmix
