// Prices of different days beside each other: told with both dates, and whether that decides who wins.
#include "reports/results/dated_prices.h"

#include <catch2/catch.hpp>

#include "base/text/text_values.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

Time day(const char* text) {
  return *parse_time(text);
}

/// Two mixes on demand: in us-east-1 for $500, elsewhere for $800.
Report two_regions() {
  Report report;
  report.batch.mixes = {sample_mix("home", 500, 3600), sample_mix("away", 800, 3600)};
  for (sim::MixResult& mix : report.batch.mixes) {
    mix.on_time.reset();
    mix.cost_breakdown_usd = {0, mix.cost_usd->mean, 0, 0, 0, 0};
  }
  return report;
}

DatedPrice home(const char* seen, const char* simulated) {
  return {0, "p5.48xlarge", "us-east-1", day(seen), day(simulated), usd_per_hour(55.04), std::nullopt};
}

DatedPrice away(const char* seen, const char* simulated, std::optional<double> change) {
  return {1, "p5.48xlarge", "us-west-2", day(seen), day(simulated), usd_per_hour(98.32), change};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A price more than 90 days older than the day simulated is told with both dates", "[rule 14]") {
  const Report report = two_regions();
  const auto remarks = dated_price_remarks(report, {away("2025-04-01", "2025-07-01", 0.56)});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].mix == 1);
  CHECK(has(remarks[0].text, "p5.48xlarge in us-west-2"));
  CHECK(has(remarks[0].text, "2025-04-01"));
  CHECK(has(remarks[0].text, "2025-07-01"));
  CHECK(dated_price_remarks(report, {away("2025-04-01", "2025-06-30", 0.56)}).empty());
}

TEST_CASE("A price older than another mix's is told however old it is", "[rule 14]") {
  const Report report = two_regions();
  const auto remarks =
      dated_price_remarks(report, {home("2025-05-01", "2025-05-01"), away("2025-04-01", "2025-05-01", 1)});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].mix == 1);
  CHECK(has(remarks[0].text, "the price of home is of 2025-05-01"));
  // A price that holds on the day simulated is not old because another day's is later.
  CHECK(dated_price_remarks(report, {home("2025-05-01", "2025-05-01"), away("2025-04-01", "2025-04-01", 1)})
            .empty());
}

TEST_CASE("Whether the change of the price in us-east-1 makes another mix the winner is told", "[rule 14]") {
  const Report report = two_regions();
  const auto text_at = [&](double change) {
    return dated_price_remarks(report,
                               {home("2026-07-20", "2026-07-20"), away("2025-04-01", "2026-07-20", change)})
        .at(0)
        .text;
  };
  CHECK(has(text_at(0.75), "the mix would cost $600.00, and the winner would stay home."));
  CHECK(has(text_at(0.5), "the mix would cost $400.00, and the winner would be away."));
  const auto unknown = dated_price_remarks(report, {away("2025-04-01", "2026-07-20", std::nullopt)});
  CHECK(has(unknown.at(0).text, "How it changed in between is not known."));
}
