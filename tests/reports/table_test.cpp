#include "reports/terminal/table.h"

#include <sstream>

#include <catch2/catch.hpp>

#include "base/text/width.h"
#include "reports/results/verdict.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

std::string table(const Report& report, const TerminalStyle& style) {
  std::ostringstream out;
  write_table(report, style, out);
  return out.str();
}

void check_width(const std::string& text, std::size_t width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(display_width(line) <= width);
  }
}

}  // namespace

TEST_CASE("On a narrow terminal the table shows fewer figures as approved at 50 columns") {
  const std::string narrow = table(sample_report(), {50, false});
  check_width(narrow, 50);
  require_approved("reports/table-50.txt", narrow);
}

TEST_CASE("the table is as approved at 80 and at 140 columns") {
  const std::string narrow = table(sample_report(), {80, false});
  check_width(narrow, 80);
  require_approved("reports/table-80.txt", narrow);
  const std::string wide = table(sample_report(), {140, false});
  check_width(wide, 140);
  require_approved("reports/table-140.txt", wide);
}

TEST_CASE("colours appear only when asked for") {
  CHECK(table(sample_report(), {80, false}).find('\x1b') == std::string::npos);
  require_approved("reports/table-colour.txt", table(sample_report(), {80, true}));
}

TEST_CASE("a hostile name cannot reach the terminal or push figures off the line") {
  Report report = sample_report();
  report.batch.mixes[0].name = "\x1b[2J\n" + std::string(10'000, 'x');
  report.scenario =
      "a\x07"
      "b";
  const std::string text = table(report, {80, false});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("$1,234.50") != std::string::npos);
}

TEST_CASE("The cheapest mix that makes it wins over a cheaper one that does not") {
  const Verdict verdict = verdict_of(sample_report());
  REQUIRE(verdict.best);
  CHECK(*verdict.best == 1);
  CHECK(*verdict.saving == Approx(1 - 432 / 1234.5));
}

TEST_CASE("The verdict says when no mix makes it and names the best odds") {
  Report report = sample_report();
  report.batch.mixes.erase(report.batch.mixes.begin(), report.batch.mixes.begin() + 2);
  report.steps.resize(2);
  const Verdict verdict = verdict_of(report);
  CHECK(!verdict.best);
  REQUIRE(verdict.likely);
  CHECK(*verdict.likely == 0);
  CHECK(verdict_text(report).starts_with("No mix is on time in 95.0 % of replications."));
}

TEST_CASE("The verdict names the fastest mix when no replication of any mix makes it") {
  Report report = sample_report();
  report.batch.mixes.resize(3);
  report.steps.resize(3);
  for (sim::MixResult& mix : report.batch.mixes) mix.on_time = sim::Proportion{0, {{0, 0.01}}};
  report.batch.mixes[0].time_to_train_s->mean = 9000;
  report.batch.mixes[1].time_to_train_s->mean = 7200;
  report.batch.mixes[2].time_to_train_s.reset();
  CHECK(verdict_text(report) == "No mix is on time in any replication. The fastest: " +
                                    report.batch.mixes[1].name + ", 2 h 0 min on average.");
  for (sim::MixResult& mix : report.batch.mixes) mix.time_to_train_s.reset();
  CHECK(verdict_text(report) == "No mix trains to the end in any replication.");
}

TEST_CASE("a cheapest mix that mostly costs more than the budget is told with its odds") {
  Report report = sample_report();
  const std::string text = verdict_text(report);
  CHECK(text.find("budget") == std::string::npos);
  report.batch.mixes[*verdict_of(report).best].within_budget = sim::Proportion{0.25, {{0, 0.5}}};
  CHECK(verdict_text(report) == text.substr(0, text.size() - 1) + "; within the budget in 25.0 %.");
}

TEST_CASE("The verdict says when every mix is infeasible") {
  Report report = sample_report();
  report.batch.mixes = {infeasible_mix("a")};
  report.steps = {std::nullopt};
  CHECK(verdict_text(report) == "No mix can train this model.");
}

TEST_CASE("Names are never shortened at what tells them apart") {
  Report report = sample_report();
  report.batch.mixes.resize(2);
  report.steps.resize(2);
  report.sources.resize(2);
  report.batch.mixes[0].name = "p5.48xlarge in us-east-1, on spot, count 16, interval 30 min, with fallback";
  report.batch.mixes[1].name = "p5.48xlarge in us-east-1, on spot, count 32, interval 30 min, with fallback";
  const std::string text = table(report, {60, false});
  check_width(text, 60);
  CHECK(text.find("16") != std::string::npos);
  CHECK(text.find("32") != std::string::npos);
}

TEST_CASE("Names of a group are told apart beside names that share nothing with them") {
  Report report = sample_report();
  report.batch.mixes[0].name = "p5.48xlarge in us-east-1, on spot, count 16, interval 30 min, with fallback";
  report.batch.mixes[1].name = "p5.48xlarge in us-east-1, on spot, count 32, interval 30 min, with fallback";
  report.batch.mixes[2].name = "on demand";
  for (const std::size_t width : {50UL, 60UL, 80UL}) {
    const std::string text = table(report, {width, false});
    check_width(text, width);
    const std::string rows = text.substr(0, text.find("Cheapest"));
    CHECK(rows.find("16") != std::string::npos);
    CHECK(rows.find("32") != std::string::npos);
  }
}

TEST_CASE("The table says in one line why the winner wins") {
  const std::string text = table(sample_report(), {200, false});
  CHECK(text.find("\nWhy: on demand $1,234.50 − $401.25 cheaper hours − $100.31 lost work − "
                  "$100.31 checkpoints − $200.63 start-up = $432.00.\n") != std::string::npos);
}

TEST_CASE("The range over a Spot Advisor band stands on one line of the table") {
  Report report = sample_report();
  report.advisor_ranges = {{"spot", 0, 1, 2}};
  for (const std::size_t width : {40UL, 50UL, 60UL}) {
    const std::string narrow = table(report, {width, false});
    check_width(narrow, width);
    CHECK(narrow.find("$1,234.50–$321.00") != std::string::npos);
  }
  const std::string text = table(report, {80, false});
  CHECK(text.find("over its band") != std::string::npos);
  CHECK(text.find("$1,234.50–$321.00") != std::string::npos);
  check_width(text, 80);
}

TEST_CASE("The verdict on a mix without chance names no replications and no average") {
  Report report = sample_report();
  sim::MixResult& best = report.batch.mixes[*verdict_of(report).best];
  best.on_time = sim::Proportion{1, {}};
  best.finished = sim::Proportion{1, {}};
  CHECK(verdict_text(report) ==
        "Cheapest that makes it: spot across zones, $432.00, on time; saves 65.0 % against on demand.");
  CHECK(certainty_text(report) == "Simulated once, because nothing is left to chance: spot across zones.");
  for (sim::MixResult& mix : report.batch.mixes) mix.finished.ci95.reset();
  CHECK(certainty_text(report) == "Nothing is left to chance: each mix is simulated once.");
  CHECK(certainty_text(sample_report()).empty());
}

TEST_CASE("The verdict says when no interruption of spot instances is modeled") {
  Report report = sample_report();
  report.uninterrupted = {*verdict_of(report).best};
  CHECK(verdict_text(report).find("on time in 96.9 % of replications, but no interruption of spot instances "
                                  "is modeled; saves") != std::string::npos);
}

TEST_CASE("The verdict's mix has the sources of its spread in words") {
  Report report = sample_report();
  sim::MixResult& best = report.batch.mixes[*verdict_of(report).best];
  CHECK(spread_text(report) ==
        "spot across zones: of the cost's spread 50 % is the market, 38 % the step time's known error, 12 % "
        "how "
        "soon the target is reached; of the time's, 75 % is the step time's known error, 25 % the market.");
  best.cost_spread = best.time_spread = sim::SpreadShares{0.001, 0.999, 0};
  CHECK(spread_text(report) ==
        "spot across zones: of the spread of cost and time all is the step time's known error.");
  best.cost_spread.reset();
  CHECK(spread_text(report) == "spot across zones: of the time's spread all is the step time's known error.");
  best.time_spread.reset();
  CHECK(spread_text(report).empty());
}

TEST_CASE("Odds that only the step time makes uncertain say so") {
  Report report = sample_report();
  report.batch.mixes[*verdict_of(report).best].time_spread = sim::SpreadShares{0, 1, 0};
  CHECK(verdict_text(report).find("on time in 96.9 % of replications, in which only the step time varies;") !=
        std::string::npos);
}
