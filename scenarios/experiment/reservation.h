// What reserved instances cost in effect: measured discounts off the on-demand price (docs/rules.md 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct ReservationDiscount {
  std::string_view measured;  ///< the year and what was measured
  double fraction = 0;        ///< of the on-demand price that is saved over the whole term
};

/// The discount of the instance type's own family where it was measured, else the median over all; nullopt
/// where no such term was measured.
std::optional<ReservationDiscount> reservation_discount(const ReservationSpec& terms,
                                                        const std::string& instance);

}  // namespace spotmix::scenarios
