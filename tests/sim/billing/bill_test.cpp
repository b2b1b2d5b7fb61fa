// The bill of one instance, computed by hand for each rule of docs/rules.md that it names.
#include <vector>

#include <catch2/catch.hpp>

#include "base/random/random.h"
#include "sim/billing/meter.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

PriceSeries prices(const std::vector<std::pair<Duration, double>>& changes) {
  PriceSeries series;
  for (const auto& [at, usd] : changes) {
    series.at.emplace_back(at);
    series.value.push_back(usd_per_hour(usd));
  }
  return series;
}

struct Bill {
  Money total;
  std::vector<Charge> lines;
};

Bill on_demand(const BillingRules& rules, const PriceSeries& price, Usage usage) {
  Bill bill;
  SeriesCursor<HourlyPrice> cursor(price);
  bill.total =
      bill_on_demand(rules, cursor, {}, usage, [&](const Charge& line) { bill.lines.push_back(line); });
  return bill;
}

Bill spot(const BillingRules& rules, const PriceSeries& price, Usage usage) {
  Bill bill;
  SeriesCursor<HourlyPrice> cursor(price);
  bill.total = bill_spot(rules, cursor, {}, usage, [&](const Charge& line) { bill.lines.push_back(line); });
  return bill;
}

constexpr auto kUser = UsageEnd::stopped_by_user;
constexpr auto kProvider = UsageEnd::interrupted_by_provider;

}  // namespace

TEST_CASE("On demand is billed by the second", "[rule 1]") {
  // 1,000 s at $3.60/h is $1.
  const Bill bill = on_demand({}, constant_series(usd_per_hour(3.6)), {Time{}, Time{seconds{1000}}, kUser});
  CHECK(bill.total == from_usd(1.0));
  REQUIRE(bill.lines.size() == 1);
  CHECK(bill.lines[0].quantity == seconds{1000});
}

TEST_CASE("On demand is billed for at least 60 seconds", "[rule 1]") {
  const Bill bill = on_demand({}, constant_series(usd_per_hour(3.6)), {Time{}, Time{seconds{7}}, kUser});
  CHECK(bill.total == from_usd(0.06));
}

TEST_CASE("A started second is a whole second", "[rule 1]") {
  const Bill bill =
      on_demand({}, constant_series(usd_per_hour(3.6)), {Time{}, Time{seconds{100} + Duration{1}}, kUser});
  CHECK(bill.total == from_usd(0.101));
}

TEST_CASE("Before 2017-10-02 whole hours were billed", "[rule 1]") {
  BillingRules rules;
  rules.granularity = hours{1};
  rules.minimum = hours{1};
  const PriceSeries price = constant_series(usd_per_hour(2.0));
  CHECK(on_demand(rules, price, {Time{}, Time{minutes{1}}, kUser}).total == from_usd(2.0));
  CHECK(on_demand(rules, price, {Time{}, Time{minutes{61}}, kUser}).total == from_usd(4.0));
}

TEST_CASE("Spot that the provider interrupts in its first hour costs nothing", "[rule 2]") {
  const Bill bill =
      spot({}, constant_series(usd_per_hour(1)), {Time{}, Time{hours{1} - Duration{1}}, kProvider});
  CHECK(bill.total == Money{});
  REQUIRE(bill.lines.size() == 1);
  CHECK(bill.lines[0].quantity == Duration{0});
}

TEST_CASE("Spot that the provider interrupts later costs the seconds used", "[rule 2]") {
  const PriceSeries price = constant_series(usd_per_hour(3.6));
  CHECK(spot({}, price, {Time{}, Time{hours{1}}, kProvider}).total == from_usd(3.6));
  CHECK(spot({}, price, {Time{}, Time{hours{1} + seconds{10}}, kProvider}).total == from_usd(3.61));
}

TEST_CASE("Spot that the user stops always costs the seconds used and at least 60", "[rule 2]") {
  const PriceSeries price = constant_series(usd_per_hour(3.6));
  CHECK(spot({}, price, {Time{}, Time{seconds{90}}, kUser}).total == from_usd(0.09));
  CHECK(spot({}, price, {Time{}, Time{seconds{5}}, kUser}).total == from_usd(0.06));
}

TEST_CASE("RULES 2 off: with no free first hour an interrupted start is billed") {
  BillingRules rules;
  rules.first_hour_free = false;
  CHECK(spot(rules, constant_series(usd_per_hour(3.6)), {Time{}, Time{seconds{600}}, kProvider}).total ==
        from_usd(0.6));
}

TEST_CASE("The continuous price is the one in effect each second", "[rule 3]") {
  // 30 min at $1, then 90 min at $3.
  const PriceSeries price = prices({{Duration{0}, 1}, {minutes{30}, 3}});
  const Bill bill = spot({}, price, {Time{}, Time{hours{2}}, kUser});
  CHECK(bill.total == from_usd(0.5 + 4.5));
  REQUIRE(bill.lines.size() == 2);
  CHECK(bill.lines[0].to == Time{minutes{30}});
  CHECK(bill.lines[1].quantity == minutes{90});
}

TEST_CASE("The hour-anchored price is that of each instance-hour's start", "[rule 3]") {
  // The instance starts at 0:15. Hour one costs the price at 0:15, hour two (to 2:00) that at 1:15.
  BillingRules rules;
  rules.spot_price = SpotPriceRule::hour_anchored;
  const PriceSeries price = prices({{Duration{0}, 1}, {minutes{30}, 2}, {minutes{80}, 8}});
  const Bill bill = spot(rules, price, {Time{minutes{15}}, Time{hours{2}}, kUser});
  CHECK(bill.total == from_usd(1.0 + 2.0 * 0.75));
}

TEST_CASE("The auction bills whole hours at the price of each hour's start", "[rule 4]") {
  const PriceSeries price = prices({{Duration{0}, 0.10}, {minutes{50}, 0.30}, {minutes{70}, 0.20}});
  // Hour one starts at 0.10, hour two at 0.30, hour three at 0.20 and the user stops it: billed whole.
  CHECK(spot(auction_rules(), price, {Time{}, Time{minutes{130}}, kUser}).total == from_usd(0.6));
}

TEST_CASE("The auction's last hour is free when the provider cuts it short", "[rule 4]") {
  const PriceSeries price = constant_series(usd_per_hour(0.25));
  CHECK(spot(auction_rules(), price, {Time{}, Time{minutes{130}}, kProvider}).total == from_usd(0.5));
  CHECK(spot(auction_rules(), price, {Time{}, Time{minutes{20}}, kProvider}).total == Money{});
  CHECK(spot(auction_rules(), price, {Time{}, Time{hours{2}}, kProvider}).total == from_usd(0.5));
}

TEST_CASE("On demand costs the price of the day", "[rule 14]") {
  // The price falls from $32.77 to $21.96 an hour into the run.
  const PriceSeries price = prices({{Duration{0}, 32.77}, {hours{1}, 21.96}});
  const Bill bill = on_demand({}, price, {Time{}, Time{hours{3}}, kUser});
  CHECK(bill.total == from_usd(32.77 + 2 * 21.96));
}

TEST_CASE("A billing granularity of ten minutes rounds every start up to it") {
  BillingRules rules;
  rules.granularity = minutes{10};
  rules.minimum = Duration{0};
  rules.first_hour_free = false;
  const PriceSeries price = constant_series(usd_per_hour(6));
  CHECK(spot(rules, price, {Time{}, Time{minutes{11}}, kProvider}).total == from_usd(2));
  CHECK(spot(rules, price, {Time{}, Time{minutes{20}}, kProvider}).total == from_usd(2));
}

TEST_CASE(
    "The lines of a bill sum to its total and cover the use without gap or overlap whatever the history") {
  RandomStream random(7, 0, 0, Purpose::price_path);
  for (int round = 0; round < 2000; ++round) {
    PriceSeries price;
    Time at{};
    for (std::uint64_t i = 0; i < 1 + random.below(12); ++i) {
      price.at.push_back(at);
      price.value.push_back({static_cast<std::int64_t>(random.below(5'000'000'000))});
      at += Duration{1 + static_cast<std::int64_t>(random.below(7'200'000'000'000))};
    }
    BillingRules rules;
    rules.granularity = Duration{1 + static_cast<std::int64_t>(random.below(600'000'000'000))};
    rules.minimum = Duration{static_cast<std::int64_t>(random.below(120'000'000'000))};
    rules.first_hour_free = random.below(2) == 0;
    rules.whole_spot_hours = random.below(4) == 0;
    if (random.below(2) == 0) rules.spot_price = SpotPriceRule::hour_anchored;
    Usage usage;
    usage.from = time_at(static_cast<std::int64_t>(random.below(20'000'000'000'000)));
    usage.to = usage.from + Duration{1 + static_cast<std::int64_t>(random.below(30'000'000'000'000))};
    usage.end = random.below(2) == 0 ? kUser : kProvider;
    const bool is_spot = random.below(2) == 0;
    const Bill bill = is_spot ? spot(rules, price, usage) : on_demand(rules, price, usage);

    Money sum;
    Time covered = usage.from;
    Duration quantity{0};
    for (const Charge& line : bill.lines) {
      CHECK(line.from == covered);
      CHECK(line.amount == charge(line.unit_price, line.quantity));
      CHECK(line.amount >= Money{});
      covered = line.to;
      quantity += line.quantity;
      sum += line.amount;
    }
    REQUIRE(sum == bill.total);
    CHECK(covered == usage.to);
    const Duration used = usage.to - usage.from;
    const bool interrupted = is_spot && usage.end == kProvider;
    if (!interrupted && !(is_spot && rules.whole_spot_hours)) {
      CHECK(quantity == std::max(round_up(used, rules.granularity), rules.minimum));
    }
  }
}
