// Intervals of confidence: Wilson's for proportions, Student's quantiles for means.
#pragma once

#include <array>
#include <cstdint>

namespace spotmix {

/// The 95 % score interval of a proportion, `successes` of `trials` (Wilson 1927).
/// REQUIRES: trials ≥ 1; successes ≤ trials.
std::array<double, 2> wilson_95(std::uint64_t successes, std::uint64_t trials);

/// The t with P(T ≤ t) = p under Student's distribution with `degrees` of freedom. For an upper tail take
/// −student_quantile(degrees, tail): 1 − tail loses digits.
/// REQUIRES: degrees > 0; 0 < p < 1.
double student_quantile(double degrees, double p);

}  // namespace spotmix
