// Billing rules as settings (docs/rules.md 1–5).
#pragma once

#include "base/enums/enums.h"
#include "base/units/time.h"

namespace spotmix::sim {

/// Which spot price a running instance pays (docs/rules.md 3).
enum class SpotPriceRule {
  continuous,     ///< the price in effect each second
  hour_anchored,  ///< the price at the start of each instance-hour
};
constexpr auto enum_names(SpotPriceRule) {
  using enum SpotPriceRule;
  return enum_table<SpotPriceRule>({{continuous, "continuous"}, {hour_anchored, "hour_anchored"}});
}

/// What a reservation that is already paid adds to a job's cost (docs/rules.md 7).
enum class ReservedView {
  amortised,  ///< its share of the term's price, for every clock-hour of the job, used or not
  marginal,   ///< nothing
};
constexpr auto enum_names(ReservedView) {
  using enum ReservedView;
  return enum_table<ReservedView>({{amortised, "amortised"}, {marginal, "marginal"}});
}

struct BillingRules {
  Duration granularity = seconds{1};  ///< usage is rounded up to a multiple of this
  Duration minimum = seconds{60};     ///< least usage charged for a start
  SpotPriceRule spot_price = SpotPriceRule::continuous;
  /// Spot interrupted by the provider within its first instance-hour costs nothing (docs/rules.md 2).
  bool first_hour_free = true;
  /// Whole instance-hours at the price of each hour's start; the last, partial hour is free if the provider
  /// interrupts and full if the user stops.
  bool whole_spot_hours = false;
  ReservedView reserved_view = ReservedView::amortised;
};

/// Whole hours of every instance, however it was bought: what the provider cuts short is free, what the user
/// cuts short is full. So SUSE is billed (docs/rules.md 1 and 2).
constexpr BillingRules by_whole_hours(BillingRules rules) {
  rules.granularity = rules.minimum = hours{1};
  rules.whole_spot_hours = true;
  return rules;
}

/// The auction's (docs/rules.md 4).
constexpr BillingRules auction_rules() {
  BillingRules rules = by_whole_hours({});
  rules.spot_price = SpotPriceRule::hour_anchored;
  rules.first_hour_free = false;
  return rules;
}

}  // namespace spotmix::sim
