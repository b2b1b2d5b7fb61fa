#include "reports/results/waterfall.h"

#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

double sum_of(const Waterfall& waterfall) {
  return std::accumulate(waterfall.steps.begin(), waterfall.steps.end(), 0.0,
                         [](double sum, const WaterfallStep& step) { return sum + step.usd; });
}

}  // namespace

TEST_CASE("The steps from the reference to the winner sum to the difference of their mean costs") {
  const auto waterfall = waterfall_of(sample_report());
  REQUIRE(waterfall);
  CHECK(waterfall->reference == 0);
  CHECK(waterfall->winner == 1);
  CHECK(waterfall->reference_usd == 1234.5);
  CHECK(waterfall->winner_usd == 432);
  REQUIRE(waterfall->steps.size() == 4);
  CHECK(waterfall->steps[0].cause == "useful");
  CHECK(waterfall->steps[0].name == "cheaper hours");
  CHECK(waterfall->steps[0].usd == -401.25);
  CHECK(waterfall->steps[3].cause == "startup");
  CHECK(std::abs(sum_of(*waterfall) - (432 - 1234.5)) < 1e-9);
}

TEST_CASE("What the causes of an older result leave is a step of its own") {
  Report report = sample_report();
  report.batch.mixes[1].cost_by_cause_usd.useful += 50;
  const auto waterfall = waterfall_of(report);
  REQUIRE(waterfall);
  CHECK(waterfall->steps.back().cause == "other");
  CHECK(waterfall->steps.back().usd == Approx(-50));
  CHECK(std::abs(sum_of(*waterfall) - (432 - 1234.5)) < 1e-9);
}

TEST_CASE("Hours that cost more than the reference's are called dearer") {
  Report report = sample_report();
  sim::MixResult& winner = report.batch.mixes[1];
  winner.cost_by_cause_usd.useful = 1000;
  winner.cost_by_cause_usd.startup = winner.cost_usd->mean - 1000 - 54 - 54;
  CHECK(waterfall_of(report)->steps[0].name == "dearer hours");
}

TEST_CASE("The amounts of the text add up in cents and small steps are one") {
  Report report = sample_report();
  report.batch.mixes[0].cost_by_cause_usd = {{1000, 0.004, 100.004, 100.004, 34.488, 0}, {}, {}, {}};
  report.batch.mixes[1].cost_by_cause_usd = {{400, 10.006, 1.006, 10.994, 9.994, 0}, {}, {}, {}};
  CHECK(waterfall_text(report) ==
        "Why: on demand $1,234.50 − $600.00 cheaper hours + $10.00 lost work − $99.00 checkpoints − $89.01 "
        "start-up − $24.49 waiting = $432.00.");
  report.batch.mixes[0].cost_by_cause_usd.unused_commitment = 5;
  report.batch.mixes[0].cost_by_cause_usd.waiting -= 5;
  CHECK(waterfall_text(report) ==
        "Why: on demand $1,234.50 − $600.00 cheaper hours − $99.00 checkpoints − $89.01 start-up − $19.49 "
        "waiting + $5.00 other = $432.00.");
}

TEST_CASE("There is no waterfall without a winner or a reference other than the winner") {
  Report report = sample_report();
  report.batch.mixes[0].on_time = sim::Proportion{0.5, {{0.25, 0.75}}};
  CHECK(!waterfall_of(report));
  CHECK(waterfall_text(report).empty());
  report = sample_report();
  report.batch.mixes[1].on_time = sim::Proportion{0.5, {{0.25, 0.75}}};
  CHECK(!waterfall_of(report));
  report.batch.mixes[0].on_time = sim::Proportion{0.5, {{0.25, 0.75}}};
  CHECK(!waterfall_of(report));
}
