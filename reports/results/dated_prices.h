// Prices that are older than what they are compared with, and whether that decides who wins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units/money.h"
#include "base/units/time.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// An on-demand price that a mix may pay.
struct DatedPrice {
  std::size_t mix = 0;
  std::string instance;
  std::string region;
  Time seen{};  ///< The day on which it is known to have held.
  Time day{};   ///< The day for which it is used.
  HourlyPrice price;
  std::optional<double> change;  ///< Of the same type's price in us-east-1 from `seen` to `day`.
};

/// Older prices than this are told.
inline constexpr Duration kOldPrice = hours{24 * 90};

/// What to say of a mix.
struct DatedPriceRemark {
  std::size_t mix = 0;
  std::string text;
};

/// A sentence for each price that is more than kOldPrice older than the day simulated, or older than that day
/// and than another mix's price: both dates, and whether us-east-1's change between them would make another
/// mix the winner.
std::vector<DatedPriceRemark> dated_price_remarks(const Report& report,
                                                  const std::vector<DatedPrice>& prices);

}  // namespace spotmix::reports
