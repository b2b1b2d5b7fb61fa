// Who ended the instance × in which hour × which operating system × which market: the half-rules of
// docs/rules.md 1 to 4 as one table.
//
// Spot from the EC2 User Guide, "Billing for interrupted Spot Instances"; the auction from its edition of
// 2017. RHEL adds a constant to every price and is billed like Linux.
#include <array>

#include <catch2/catch.hpp>

#include "sim/billing/meter.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

constexpr auto kByUser = UsageEnd::stopped_by_user;
constexpr auto kByProvider = UsageEnd::interrupted_by_provider;

struct Rules {
  const char* name;
  BillingRules rules;
  HourlyPrice surcharge;
};

/// The seconds of use that are charged after so many seconds. On demand nothing but the user ends an
/// instance.
struct Row {
  std::int64_t used_s;
  std::int64_t on_demand;
  std::int64_t spot_by_user;
  std::int64_t spot_by_provider;
};

Duration charged_on_demand(const Rules& of, std::int64_t used_s) {
  const PriceSeries price = constant_series(usd_per_hour(3));
  SeriesCursor<HourlyPrice> cursor(price);
  Duration charged{0};
  bill_on_demand(of.rules, cursor, of.surcharge, {Time{}, Time{seconds{used_s}}, kByUser},
                 [&](const Charge& line) { charged += line.quantity; });
  return charged;
}

struct SpotBill {
  Duration charged{0};
  Money total;
};

SpotBill spot(const Rules& of, std::int64_t used_s, UsageEnd end) {
  const PriceSeries price = constant_series(usd_per_hour(1));
  SeriesCursor<HourlyPrice> cursor(price);
  SpotBill bill;
  bill.total = bill_spot(of.rules, cursor, of.surcharge, {Time{}, Time{seconds{used_s}}, end},
                         [&](const Charge& line) { bill.charged += line.quantity; });
  return bill;
}

void check(const Rules& of, std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(of.name, row.used_s);
    CHECK(charged_on_demand(of, row.used_s) == seconds{row.on_demand});
    const SpotBill by_user = spot(of, row.used_s, kByUser);
    const SpotBill by_provider = spot(of, row.used_s, kByProvider);
    CHECK(by_user.charged == seconds{row.spot_by_user});
    CHECK(by_provider.charged == seconds{row.spot_by_provider});
    // What the system adds is charged for the same time, and is free with it.
    const HourlyPrice price = usd_per_hour(1) + of.surcharge;
    CHECK(by_user.total == charge(price, seconds{row.spot_by_user}));
    CHECK(by_provider.total == charge(price, seconds{row.spot_by_provider}));
  }
}

}  // namespace

TEST_CASE("Who ends an instance in which hour under which system of which market decides what is charged",
          "[rule 1][rule 2][rule 4]") {
  const HourlyPrice none{};
  const HourlyPrice license = usd_per_hour(0.06);
  const std::initializer_list<Row> by_second{
      // used, on demand, spot by user, spot by provider
      {1, 60, 60, 0},           // the minimum of a start; free in the first hour
      {60, 60, 60, 0},          //
      {1800, 1800, 1800, 0},    //
      {3599, 3599, 3599, 0},    // the last second of the first hour
      {3600, 3600, 3600, 3600}  // from the second hour on the seconds used
  };
  const std::initializer_list<Row> later{{3601, 3601, 3601, 3601}, {5400, 5400, 5400, 5400}};
  const std::initializer_list<Row> by_hour{
      {1, 3600, 3600, 0},            // any start is a whole hour, unless the provider cuts it short
      {3599, 3600, 3600, 0},         //
      {3600, 3600, 3600, 3600},      // an hour that was used in full is paid, whoever ends it
      {3601, 7200, 7200, 3600},      // the interrupted partial hour is not
      {5400, 7200, 7200, 3600},      //
      {7200, 7200, 7200, 7200},      //
      {9000, 10800, 10800, 7200},    //
      {86401, 90000, 90000, 86400},  //
  };
  for (const auto& rows : {by_second, later}) {
    check({"smoothed Linux", {}, none}, rows);
    check({"smoothed RHEL", {}, license}, rows);
  }
  check({"smoothed SUSE", by_whole_hours({}), license}, by_hour);
  check({"auction Linux", auction_rules(), none}, by_hour);
  check({"auction RHEL", auction_rules(), license}, by_hour);
  check({"auction SUSE", by_whole_hours(auction_rules()), license}, by_hour);
}

TEST_CASE("Whole hours cost the price at the start of each in both markets", "[rule 4]") {
  PriceSeries price;
  price.at = {Time{}, Time{minutes{50}}, Time{minutes{70}}};
  price.value = {usd_per_hour(0.1), usd_per_hour(0.3), usd_per_hour(0.2)};
  for (const BillingRules& rules : {by_whole_hours({}), auction_rules()}) {
    SeriesCursor<HourlyPrice> cursor(price);
    const Usage usage{Time{}, Time{minutes{130}}, kByUser};
    CHECK(bill_spot(rules, cursor, {}, usage, [](const Charge&) {}) == from_usd(0.1 + 0.3 + 0.2));
  }
}
