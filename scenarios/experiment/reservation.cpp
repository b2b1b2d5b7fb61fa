#include "scenarios/experiment/reservation.h"

#include <array>

namespace spotmix::scenarios {
namespace {

struct Measured {
  std::string_view family;  ///< empty: the median over all families
  int term_years;
  bool convertible;
  std::string_view payment;
  ReservationDiscount discount;
};

constexpr std::string_view k2017 = "the median of us-east-1 in 2017";
constexpr std::string_view k2023 = "us-east-1 in 2023";

/// docs/rules.md 7. A family's own figure comes before the medians.
constexpr std::array<Measured, 16> kMeasured{{
    {"c5", 1, false, "all_upfront", {k2023, 0.41}},
    {"m5", 1, false, "all_upfront", {k2023, 0.41}},
    {"r5", 1, false, "all_upfront", {k2023, 0.41}},
    {"g4dn", 1, false, "all_upfront", {k2023, 0.41}},
    {"g5", 1, false, "all_upfront", {k2023, 0.41}},
    {"p2", 1, false, "all_upfront", {k2023, 0.36}},
    {"p3", 1, false, "all_upfront", {k2023, 0.36}},
    {"p3dn", 1, false, "all_upfront", {k2023, 0.43}},
    {"p4d", 1, false, "all_upfront", {k2023, 0.43}},
    {"", 1, false, "all_upfront", {k2017, 0.41}},
    {"", 1, false, "partial_upfront", {k2017, 0.40}},
    {"", 1, false, "no_upfront", {k2017, 0.31}},
    {"", 3, false, "all_upfront", {k2017, 0.62}},
    {"", 3, false, "partial_upfront", {k2017, 0.60}},
    {"", 3, true, "all_upfront", {k2017, 0.47}},
    {"", 3, true, "no_upfront", {k2017, 0.37}},
}};

}  // namespace

std::optional<ReservationDiscount> reservation_discount(const ReservationSpec& terms,
                                                        const std::string& instance) {
  const std::string family = instance.substr(0, instance.find('.'));
  for (const Measured& row : kMeasured) {
    if (!row.family.empty() && row.family != family) continue;
    if (row.term_years == terms.term_years && row.convertible == terms.convertible &&
        row.payment == terms.payment)
      return row.discount;
  }
  return std::nullopt;
}

}  // namespace spotmix::scenarios
